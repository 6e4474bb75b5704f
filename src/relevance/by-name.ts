import { DEPLOYS } from '../model/deploys.ts';
import type { RepoPath } from '../model/repo-path.ts';

/**
 * Whether a changed path could affect any Drizzle project, by its name alone: what esbuild could
 * bundle, what drizzle-kit writes, what decides how imports resolve or what git ignores.
 * Deliberately wide: a wrong yes costs time, a wrong no would let a mistake through.
 */
export function couldMatter(path: RepoPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    MATTERS.test(name) || LOCK_FILES.has(name) || SCHEMA_FOLDER.test(path) || DEPLOYS.test(path)
  );
}

/** A name without an extension may be a symlink or a submodule, which can contain anything. */
const MATTERS = /\.(?:[cm]?[jt]sx?|json[c5]?|sql|node|wasm|gitignore)$|^\.env|^[^.]+$/;

/**
 * If `schema` names a folder, drizzle-kit loads every file in it, and a Markdown file there makes
 * every generate fail.
 */
const SCHEMA_FOLDER =
  /(?:schema|drizzle|(?:^|\/)(?:db|database|models?|tables?|entit(?:y|ies)))[^/]*\//i;

const LOCK_FILES = new Set([
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  '.gitmodules',
]);

/**
 * Paths that affect every project: they decide what is installed, what is ignored, what is a
 * project, and what a deploy runs.
 */
export const CONCERNS_ALL = new RegExp(
  [
    DEPLOYS,
    /(?:^|\/)(?:drizzle[^/]*\.config\.[^/]+|package\.json|deno\.jsonc?|\.gitignore|pnpm-workspace\.yaml|(?:package-lock|npm-shrinkwrap)\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$|^guard\.config\.[a-z]+$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Usual names of schemas and migrations: for a config that does not load, and so names neither. */
export const LIKE_A_SCHEMA =
  /schema|drizzle|migration|\.sql$|(?:^|\/)(?:db|database|models?|tables?)(?:\/|\.)/i;

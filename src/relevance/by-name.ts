import type { RepoPath } from '../model/repo-path.ts';

/**
 * Whether a changed path could possibly matter to any Drizzle project, by its name alone: what esbuild could bundle,
 * what drizzle-kit writes, what decides how imports resolve or what git ignores. Deliberately wide: a wrong yes costs
 * time, a wrong no would let a fault through.
 */
export function couldMatter(path: RepoPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return MATTERS.test(name) || LOCK_FILES.has(name) || SCHEMA_FOLDER.test(path);
}

/** A name without an ending may be a symlink or a submodule, behind which anything can lie. */
const MATTERS = /\.(?:[cm]?[jt]sx?|json[c5]?|sql|node|wasm|gitignore)$|^\.env|^[^.]+$/;

/** Where `schema` names a folder, drizzle-kit loads whatever lies in it, and a Markdown file there ends every generate. */
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

/** Paths that concern every project: they decide what is installed, what is ignored, what is a project at all. */
export const CONCERNS_ALL =
  /(?:^|\/)(?:drizzle[^/]*\.config\.[^/]+|package\.json|\.gitignore|pnpm-workspace\.yaml|(?:package-lock|npm-shrinkwrap)\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$|^guard\.config\.[a-z]+$/;

/** What the schema or the migrations of a project are called nearly everywhere: a config that does not load names neither. */
export const LIKE_A_SCHEMA =
  /schema|drizzle|migration|\.sql$|(?:^|\/)(?:db|database|models?|tables?)(?:\/|\.)/i;

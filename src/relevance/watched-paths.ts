import { type RepoPath, isAbsolute } from '../model/repo-path.ts';
import expandBraces from 'brace-expansion';

/**
 * Files below a folder ('' is the top) whose name, or whose folder's name, has an ending ('' is
 * any).
 */
export interface WatchedPath {
  readonly folder: RepoPath;
  readonly ending: string;
}

const ANYWHERE: WatchedPath = { folder: '', ending: '' };
const MAGIC = /[*?[\]{}()!@+\\]/;
/** A pattern that expands to more alternatives is taken to match everywhere. */
const MOST_ALTERNATIVES = 64;

/**
 * Where a pattern of `schema` can match, whether a file is there or not. Never too narrow: every
 * file that `schemaFilesOf` can find is in one of these. The exception is an absolute path of the
 * repository's top itself: drizzle-kit would have to load package.json and everything beside it.
 * @param base the folder that drizzle-kit is run from
 */
export function watchedPathsOf(pattern: string, base: RepoPath): readonly WatchedPath[] {
  const alternatives = expandBraces(pattern);
  return alternatives.length > MOST_ALTERNATIVES
    ? [ANYWHERE]
    : alternatives.map((alternative) => watchedPath(alternative, base));
}

/** A folder as a config writes it, with everything in it. */
export function watchedFolder(base: RepoPath, path: string): WatchedPath {
  return { folder: normal(`${base}/${path}`), ending: '' };
}

/** The folder before the first magic character, and the text after the last one. */
function watchedPath(pattern: string, base: RepoPath): WatchedPath {
  const names = pattern.replace(/\/+$/, '').split('/');
  const last = names.at(-1) ?? '';
  const magic = names.findIndex((name) => MAGIC.test(name));
  // The repository's path on disk is unknown here; the name alone decides.
  if (isAbsolute(pattern))
    return last === '.' || names.includes('..') ? ANYWHERE : { folder: '', ending: endingOf(last) };
  // Without magic it is one file, which may have been deleted and come back, or a folder.
  if (magic === -1) return watchedFolder(base, pattern);
  if (names.slice(magic).some((name) => name === '..' || name === '.')) return ANYWHERE;
  // `**` at the end, and a slash, also mean the folder itself.
  return { folder: normal(`${base}/${names.slice(0, magic).join('/')}`), ending: endingOf(last) };
}

/** The part at the end of a name that has no magic. */
function endingOf(name: string): string {
  return /[^*?[\]{}()!@+\\/]*$/.exec(name)?.[0] ?? '';
}

function normal(path: string): RepoPath {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/**
 * Whether a path is below the folder and has the ending, or is in a folder that has it: a pattern
 * that matches a folder means its files.
 */
export function isWatched(path: RepoPath, { folder, ending }: WatchedPath): boolean {
  return (
    (folder === '' || path === folder || path.startsWith(`${folder}/`)) &&
    (path.endsWith(ending) || path.includes(`${ending}/`))
  );
}

import { posix, sep } from 'node:path';
import type { RepoPath } from '../git/tree.ts';

/** The folder of a repository path; '' for what lies at the top. */
export function folderOf(path: RepoPath): RepoPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** A name inside a folder, '' being the top. */
export function inside(folder: RepoPath, name: string): RepoPath {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * A path as a config or a script writes it, relative to the folder `base`, as a repository path ('' for the top).
 * Undefined when it lies above the top or is absolute.
 */
export function under(base: RepoPath, path: string): RepoPath | undefined {
  if (isAbsolute(path)) return undefined;
  const joined = posix.join(base, path);
  if (joined === '.' || joined === './') return '';
  if (joined === '..' || joined.startsWith('../')) return undefined;
  return joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/**
 * A path that a config has put together (`path.join('db', 'drizzle')`), with `/` between its names: on Windows it has
 * backslashes, elsewhere a backslash is a letter of a name. Not for globs, to which drizzle-kit gives a backslash its own
 * meaning on every system.
 */
export function slashed(path: string, separator: string = sep): string {
  return separator === '/' ? path : path.replaceAll(separator, '/');
}

/** Absolute on POSIX or on Windows (`C:\x`, `C:/x`, `\\server`). */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\\\') || /^[A-Za-z]:[\\/]/.test(path);
}

/**
 * What an absolute path (or glob) is inside the repository whose absolute top is `top`; undefined when it lies outside.
 * A trailing slash stays, because glob gives it a meaning; the letter case of a Windows drive has none.
 */
export function belowTop(path: string, top: string): string | undefined {
  const [there, root] = [withDrive(path), posix.normalize(withDrive(top)).replace(/\/$/, '')];
  const wanted = there.endsWith('/')
    ? `${posix.normalize(there.slice(0, -1))}/`
    : posix.normalize(there);
  if (wanted === root || wanted === `${root}/`) return '.';
  return wanted.startsWith(`${root}/`) ? wanted.slice(root.length + 1) : undefined;
}

/** An absolute path of Windows with slashes, its drive in a capital letter; any other as it is. */
function withDrive(path: string): string {
  if (!/^[A-Za-z]:|^\\\\/.test(path)) return path;
  return path
    .replaceAll('\\', '/')
    .replace(/^\/\/\?\/(?:UNC(?=\/))?/i, (prefix) => (prefix.length > 4 ? '/' : ''))
    .replace(/^[a-z]:/, (drive) => drive.toUpperCase());
}

/** The path from the folder `base` to `path`, both repository paths: 'config.ts', '../db/config.ts'. */
export function relativeTo(base: RepoPath, path: RepoPath): string {
  return posix.relative(`/${base}`, `/${path}`);
}

/** The folders from `folder` up to the top, both included: 'a/b' gives 'a/b', 'a', ''. */
export function upwards(folder: RepoPath): RepoPath[] {
  const folders: RepoPath[] = [];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(at);
  return [...folders, ''];
}

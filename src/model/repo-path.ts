import * as platform from 'node:path';
import type { PlatformPath } from 'node:path';

/**
 * A path inside the repository as git records it: relative to the top level, `/`-separated, no
 * leading `./`.
 */
export type RepoPath = string;

/** The folder of a repository path; '' for the top. */
export function folderOf(path: RepoPath): RepoPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The path of a name in a folder; '' is the top. */
export function inside(folder: RepoPath, name: string): RepoPath {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * A path as a config or a script writes it, relative to the folder `base`, as a repository path (''
 * for the top). Undefined when it is above the top or absolute.
 */
export function under(base: RepoPath, path: string): RepoPath | undefined {
  if (isAbsolute(path)) return undefined;
  const joined = platform.posix.join(base, path);
  if (joined === '.' || joined === './') return '';
  if (joined === '..' || joined.startsWith('../')) return undefined;
  return joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/**
 * A path that a config computed (`path.join('db', 'drizzle')`), with `/` as separator: on Windows
 * it has backslashes, elsewhere a backslash belongs to a name. Not for globs: in them a backslash
 * is an escape on every system.
 */
export function slashed(path: string, separator: string = platform.sep): string {
  return separator === '/' ? path : path.replaceAll(separator, '/');
}

/** Absolute on POSIX or on Windows (`C:\x`, `C:/x`, `\\server`). */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\\\') || /^[A-Za-z]:[\\/]/.test(path);
}

/**
 * An absolute path (or glob) relative to the absolute top of the repository; undefined when it is
 * outside. A trailing slash stays, because it means something to glob; the letter case of a Windows
 * drive does not count.
 */
export function belowTop(path: string, top: string): string | undefined {
  const [there, root] = [
    withDrive(path),
    platform.posix.normalize(withDrive(top)).replace(/\/$/, ''),
  ];
  const wanted = there.endsWith('/')
    ? `${platform.posix.normalize(there.slice(0, -1))}/`
    : platform.posix.normalize(there);
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

/**
 * The path from the folder `base` to `path`, both repository paths: 'config.ts', '../db/config.ts'.
 */
export function relativeTo(base: RepoPath, path: RepoPath): string {
  return platform.posix.relative(`/${base}`, `/${path}`);
}

/** The folders from `folder` up to the top, both included: 'a/b' gives 'a/b', 'a', ''. */
export function upwards(folder: RepoPath): RepoPath[] {
  const folders: RepoPath[] = [];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(at);
  return [...folders, ''];
}

/**
 * The repository path of an absolute path; undefined when it is outside. The top itself is ''.
 * `top` and `path` are absolute in the platform's style; the answer is `/`-separated. On Windows
 * the letter case of a drive (git, node and editors disagree about it), slashes for backslashes and
 * the prefix `\\?\` make no difference.
 */
export function toRepoPath(
  top: string,
  path: string,
  style: Style = platform,
): RepoPath | undefined {
  const below = style.relative(plain(top, style), plain(path, style));
  if (below === '..' || below.startsWith(`..${style.sep}`) || style.isAbsolute(below))
    return undefined;
  return style.sep === '/' ? below : below.split(style.sep).join('/');
}

/** The absolute path, in the platform's style, of a path inside the repository. */
export function toAbsolute(top: string, path: RepoPath, style: Style = platform): string {
  return path === '' ? top : style.join(top, ...path.split('/'));
}

type Style = Pick<PlatformPath, 'relative' | 'isAbsolute' | 'join' | 'sep'>;

/** Windows also writes `C:\x` as `\\?\C:\x`, and `\\server\share` as `\\?\UNC\server\share`. */
function plain(path: string, { sep }: Style): string {
  return sep === '/'
    ? path
    : path.replace(/^\\\\\?\\(?:UNC(?=\\))?/i, (prefix) => (prefix.length > 4 ? '\\' : ''));
}

/** Whether a path, in either style of separators, goes through a `node_modules` folder. */
export function goesThroughModules(path: string): boolean {
  return path.split(/[\\/]/).includes('node_modules');
}

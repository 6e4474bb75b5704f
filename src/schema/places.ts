import * as platform from 'node:path';
import type { PlatformPath } from 'node:path';
import type { RepoPath } from '../git/tree.ts';

/**
 * The path inside the repository of an absolute path; undefined when it lies outside. The top itself is ''.
 * `top` and `path` are absolute in the platform's style; the answer is `/`-separated. On Windows the letter case of a
 * drive (git, node and editors disagree about it), slashes for backslashes and the prefix `\\?\` make no difference.
 */
export function toRepoPath(
  top: string,
  path: string,
  style: Style = platform,
): RepoPath | undefined {
  const inside = style.relative(plain(top, style), plain(path, style));
  if (inside === '..' || inside.startsWith(`..${style.sep}`) || style.isAbsolute(inside))
    return undefined;
  return style.sep === '/' ? inside : inside.split(style.sep).join('/');
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

/** The folder of a path inside the repository; '' for the top. */
export function folderOf(path: RepoPath): RepoPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The folder itself, its parent, ... and at last ''. */
export function foldersUpFrom(folder: RepoPath): readonly RepoPath[] {
  const folders = [folder];
  for (let at = folder; at !== '';) {
    at = folderOf(at);
    folders.push(at);
  }
  return folders;
}

/** Joins a folder inside the repository and a name in it. */
export function inFolder(folder: RepoPath, name: string): RepoPath {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether a path, in either style of separators, goes through a `node_modules` folder. */
export function goesThroughModules(path: string): boolean {
  return path.split(/[\\/]/).includes('node_modules');
}

import { isAbsolute, join, relative, sep } from 'node:path';
import type { RepoPath } from '../git/tree.ts';

/**
 * The path inside the repository of an absolute path; undefined when it lies outside. The top itself is ''.
 * `top` and `path` are absolute in the platform's style; the answer is `/`-separated.
 */
export function toRepoPath(top: string, path: string): RepoPath | undefined {
  const inside = relative(top, path);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
  return sep === '/' ? inside : inside.split(sep).join('/');
}

/** The absolute path, in the platform's style, of a path inside the repository. */
export function toAbsolute(top: string, path: RepoPath): string {
  return path === '' ? top : join(top, ...path.split('/'));
}

/** The folder of a path inside the repository; '' for the top. */
export function folderOf(path: RepoPath): RepoPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The folder itself, its parent, ... and at last ''. */
export function foldersUpFrom(folder: RepoPath): readonly RepoPath[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) {
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

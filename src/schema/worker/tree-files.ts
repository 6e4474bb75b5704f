import { type RepoPath, toRepoPath } from '../../model/repo-path.ts';
import type { FilesOfTree } from './process.ts';
import { openTreeFileSystem, type Ignores } from '../modules/tree-fs.ts';
import type { TreeReader } from '../modules/tree-reader.ts';

/**
 * Answers the `fs` reads of users' code from a tree. What is read is in the reader's log.
 * `top`: absolute real path of the repository.
 */
export function treeFiles(reader: TreeReader, top: string, ignores: Ignores): FilesOfTree {
  const files = openTreeFileSystem(reader, top);
  return async (absolute) => {
    const path = toRepoPath(top, absolute);
    if (path === undefined || path === '.git' || path.startsWith('.git/')) return { kind: 'disk' };
    const file = files.realFile(path);
    if (file !== undefined)
      return { kind: 'file', bytes: (await reader.read(file)) ?? new Uint8Array() };
    const folder = files.realFolder(path);
    if (folder !== undefined) return { kind: 'folder', names: reader.list(folder) };
    return isEnvironment(path) || (await ignores(path)) ? { kind: 'disk' } : { kind: 'absent' };
  };
}

/**
 * `.env` files hold variables: one that is not committed belongs to the machine, whether git
 * ignores it or not.
 */
function isEnvironment(path: RepoPath): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('.env');
}

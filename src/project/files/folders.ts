import type { Entry } from '../../git/trees/tree.ts';
import { type RepoPath, folderOf } from '../../model/repo-path.ts';

/**
 * The folders of a tree's paths: what `readdir` and `stat` would return in a checkout of exactly
 * this tree.
 */
export interface Folders {
  isFile(path: RepoPath): boolean;
  isFolder(path: RepoPath): boolean;
  /**
   * Names of files and folders directly in a folder; undefined when there is no such folder. In the
   * order of Node's `readdirSync` on POSIX: by bytes (libuv's `uv__fs_scandir_sort` is `strcmp`).
   */
  names(path: RepoPath): readonly string[] | undefined;
}

/**
 * Made in one pass over the paths, at the first use. Submodules are left out: their files are not
 * in the tree. A symlink counts as a file and is not followed, as in drizzle-kit (`lstatSync`).
 */
export function foldersOf(entries: ReadonlyMap<RepoPath, Entry>): Folders {
  let folders: Map<RepoPath, Set<string>> | undefined;
  const sorted = new Map<RepoPath, readonly string[]>();
  const made = (): Map<RepoPath, Set<string>> => (folders ??= collect(entries));
  return {
    isFile: (path) => isFileEntry(entries.get(path)),
    isFolder: (path) => made().has(path),
    names(path) {
      const known = sorted.get(path);
      if (known !== undefined) return known;
      const names = made().get(path);
      if (names === undefined) return undefined;
      const list = [...names].sort();
      sorted.set(path, list);
      return list;
    },
  };
}

function isFileEntry(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.mode !== '160000';
}

function collect(entries: ReadonlyMap<RepoPath, Entry>): Map<RepoPath, Set<string>> {
  const folders = new Map<RepoPath, Set<string>>([['', new Set()]]);
  for (const [path, entry] of entries) {
    if (!isFileEntry(entry)) continue;
    for (let child = path; child !== '';) {
      const folder = folderOf(child);
      const name = folder === '' ? child : child.slice(folder.length + 1);
      const names = folders.get(folder);
      if (names !== undefined) {
        names.add(name);
        break;
      }
      folders.set(folder, new Set([name]));
      child = folder;
    }
  }
  return folders;
}

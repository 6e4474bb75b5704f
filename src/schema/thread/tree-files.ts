import type { Tree } from '../../git/trees/tree.ts';
import { type RepoPath, inside, toRepoPath } from '../../model/repo-path.ts';
import type { FileInTree } from './protocol.ts';
import { openTreeFileSystem, type TreeFileSystem } from '../bundle/tree-fs.ts';
import { openReader, type TreeReader } from '../bundle/tree-reader.ts';

/** Answers for one run of a user's code what a tree has where that asks with `fs`. */
export interface TreeFiles {
  answer(path: string): Promise<FileInTree>;
  /**
   * Every path of the tree that was asked for, there or not, with the links that were followed; a folder also with a slash
   * at its end, for what it holds.
   */
  readonly asked: ReadonlySet<RepoPath>;
}

export interface TreeFilesOptions {
  readonly tree: Tree;
  /** Absolute real path of the repository's top level. */
  readonly top: string;
  /** Whether git ignores a path: what is not recorded because it shall not be is part of the machine, as a variable is. */
  readonly ignores: (path: RepoPath) => Promise<boolean>;
}

/** Where there is no git to ask. */
export const nothingIgnored: TreeFilesOptions['ignores'] = () => Promise.resolve(false);

/** Nothing is looked at before the first question: hardly any schema asks one. */
export function openTreeFiles({ tree, top, ignores }: TreeFilesOptions): TreeFiles {
  const asked = new Set<RepoPath>();
  let opened: Promise<{ readonly reader: TreeReader; readonly over: TreeFileSystem }> | undefined;
  const open = async () => {
    const reader = await openReader(tree);
    return { reader, over: openTreeFileSystem(reader, top) };
  };

  return {
    asked,
    answer: async (absolute) => {
      const path = toRepoPath(top, absolute);
      if (path === undefined || path === '.git' || path.startsWith('.git/'))
        return { kind: 'disk' };
      const { reader, over } = await (opened ??= open());
      const [file, folder] = [await over.realFile(path), await over.realFolder(path)];
      for (const one of [path, file, folder, ...over.followed])
        if (one !== undefined && one !== '') asked.add(one);
      if (file !== undefined)
        return { kind: 'file', bytes: (await reader.read(file)) ?? new Uint8Array() };
      if (folder !== undefined) {
        asked.add(`${folder}/`);
        return {
          kind: 'folder',
          names: reader.namesIn(folder).map((name) => [name, kindOf(reader, inside(folder, name))]),
        };
      }
      return isEnvironment(path) || (await ignores(path)) ? { kind: 'disk' } : { kind: 'absent' };
    },
  };
}

function kindOf({ entries }: TreeReader, path: RepoPath): 'file' | 'folder' | 'link' {
  const mode = entries.get(path)?.mode;
  if (mode === undefined || mode === '160000') return 'folder';
  return mode === '120000' ? 'link' : 'file';
}

/** `.env` and its like hold variables; one that is not recorded is the machine's, ignored or not yet. */
function isEnvironment(path: RepoPath): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('.env');
}

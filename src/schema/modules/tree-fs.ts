import { promises as disk, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import {
  type RepoPath,
  goesThroughModules,
  inside,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import type { Look } from './node-resolve.ts';
import type { TreeReader } from './tree-reader.ts';

/**
 * Where a path's content comes from: the tree, or the disk (dependencies, and what is above the
 * repository).
 */
type SourceLocation =
  | { readonly from: 'tree'; readonly path: RepoPath }
  | { readonly from: 'disk'; readonly path: string };

/** Whether git ignores a path: such a file belongs to the machine, like an environment variable. */
export type Ignores = (path: RepoPath) => Promise<boolean>;

/** For a tree without a git repository. */
export const nothingIgnored: Ignores = () => Promise.resolve(false);

/** Writes every path it reads to the reader's log. */
export interface TreeFileSystem {
  /** The repository as the tree has it, with the dependencies that are installed on disk. */
  readonly overTree: Look;
  /** The disk alone. */
  readonly overDisk: Look;
  /**
   * Which side answers for an absolute path. A dependency that is a link back into the repository
   * is the tree's.
   */
  locate(path: string): SourceLocation;
  /** The text of a file (absolute path); undefined when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** The text of a file that the disk has (absolute path); undefined when it has none. */
  readDisk(path: string): Promise<string | undefined>;
  /** Follows the tree's own symlinks to a file; undefined when there is no such file. */
  realFile(path: RepoPath): RepoPath | undefined;
  /** The same for a folder. */
  realFolder(path: RepoPath): RepoPath | undefined;
}

/**
 * `top` is the absolute real path of the repository's top level: everything under it and outside
 * `node_modules` is answered from the tree alone, whether or not the disk has it.
 */
export function openTreeFileSystem(reader: TreeReader, top: string): TreeFileSystem {
  const { log } = reader;
  const realRoots = new Map<string, string>();
  const onDisk = (path: string): string => (log.disk.add(path), path);

  const locate = (path: string): SourceLocation => {
    const below = toRepoPath(top, path);
    if (below !== undefined && !goesThroughModules(below)) return { from: 'tree', path: below };
    const [root, rest] = packageRootOf(path);
    if (root === undefined) return { from: 'disk', path };
    log.links.add(root);
    let real = realRoots.get(root);
    if (real === undefined) realRoots.set(root, (real = realPath(root)));
    const linked = real === root ? undefined : toRepoPath(top, real);
    if (linked === undefined || goesThroughModules(linked)) return { from: 'disk', path };
    return { from: 'tree', path: rest === '' ? linked : inside(linked, rest) };
  };

  const realFile = (path: RepoPath): RepoPath | undefined => {
    const real = reader.follow(path);
    const entry = real === undefined ? undefined : reader.entry(real);
    return entry?.mode.startsWith('100') === true ? real : undefined;
  };

  const realFolder = (path: RepoPath): RepoPath | undefined => {
    const real = reader.follow(path);
    return real !== undefined && reader.hasFolder(real) ? real : undefined;
  };

  const readDisk = (path: string): Promise<string | undefined> =>
    disk.readFile(onDisk(path), 'utf8').catch(() => undefined);
  const readText = async (path: string): Promise<string | undefined> => {
    const at = locate(path);
    if (at.from === 'disk') return readDisk(at.path);
    const real = realFile(at.path);
    return real === undefined ? undefined : reader.readText(real);
  };

  const overDisk: Look = {
    kind: (path) => kindOnDisk(onDisk(path)),
    real: (path) => realPath(onDisk(path)),
    text: readDisk,
  };
  return {
    locate,
    realFile,
    realFolder,
    readText,
    readDisk,
    overDisk,
    overTree: {
      kind: (path) => {
        const at = locate(path);
        if (at.from === 'disk') return overDisk.kind(at.path);
        if (realFile(at.path) !== undefined) return 'file';
        return realFolder(at.path) === undefined ? undefined : 'folder';
      },
      real: (path) => {
        const at = locate(path);
        if (at.from === 'disk') return overDisk.real(at.path);
        return toAbsolute(top, reader.follow(at.path) ?? at.path);
      },
      text: readText,
    },
  };
}

/**
 * `.../node_modules/name` or `.../node_modules/@scope/name`, and what follows it, `/`-separated.
 */
function packageRootOf(path: string): readonly [string | undefined, string] {
  const names = path.split(sep);
  const at = names.lastIndexOf('node_modules');
  const length = names[at + 1]?.startsWith('@') ? 2 : 1;
  if (at < 0 || names.length < at + 1 + length) return [undefined, ''];
  return [names.slice(0, at + 1 + length).join(sep), names.slice(at + 1 + length).join('/')];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function kindOnDisk(path: string): 'file' | 'folder' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return 'folder';
    return stat?.isFile() === true ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

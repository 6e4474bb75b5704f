import { promises as disk, realpathSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import {
  type RepoPath,
  folderOf,
  goesThroughModules,
  inside,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import type { TreeReader } from './tree-reader.ts';

/** Where a path's content comes from: the tree, or the disk (dependencies, and what lies above the repository). */
export type Place =
  | { readonly from: 'tree'; readonly path: RepoPath }
  | { readonly from: 'disk'; readonly path: string };

type Answer<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;

/** The part of a file system that enhanced-resolve needs. Paths are absolute, in the platform's style. */
export interface ResolverFileSystem {
  stat(path: string, answer: Answer<Pick<Stats, 'isFile' | 'isDirectory'>>): void;
  readFile(path: string, answer: Answer<Buffer>): void;
  readdir(path: string, answer: Answer<string[]>): void;
  readlink(path: string, answer: Answer<string>): void;
}

export interface TreeFileSystem {
  readonly fileSystem: ResolverFileSystem;
  /** Says which side answers for an absolute path. A dependency that is a link back into the repository is the tree's. */
  locate(path: string): Place;
  /** Follows the tree's own symlinks to a file; undefined when there is no such file. */
  realFile(path: RepoPath): Promise<RepoPath | undefined>;
  /** The same for a folder. */
  realFolder(path: RepoPath): Promise<RepoPath | undefined>;
  /** Package folders of `node_modules` that were asked about, with where they really are. */
  readonly realRoots: ReadonlyMap<string, string>;
  /** The tree's own symlinks that were followed, and what they led to, there or not. */
  readonly followed: ReadonlySet<RepoPath>;
}

const MOST_LINKS = 16;

/**
 * The repository as the tree has it, with the dependencies that are installed on disk. `top` is the absolute real path
 * of the repository's top level: what lies under it and outside every `node_modules` is answered from the tree alone,
 * whether or not the disk has it.
 */
export function openTreeFileSystem(reader: TreeReader, top: string): TreeFileSystem {
  const realRoots = new Map<string, string>();
  const followed = new Set<RepoPath>();

  const locate = (path: string): Place => {
    const below = toRepoPath(top, path);
    if (below !== undefined && !goesThroughModules(below)) return { from: 'tree', path: below };
    const [root, rest] = packageRootOf(path);
    if (root === undefined) return { from: 'disk', path };
    let real = realRoots.get(root);
    if (real === undefined) realRoots.set(root, (real = realPath(root)));
    const linked = real === root ? undefined : toRepoPath(top, real);
    if (linked === undefined || goesThroughModules(linked)) return { from: 'disk', path };
    return { from: 'tree', path: rest === '' ? linked : inside(linked, rest) };
  };

  /** A path of the tree with every symlink on the way followed. */
  const follow = async (path: RepoPath, links = 0): Promise<RepoPath | undefined> => {
    let at = '';
    const names = path === '' ? [] : path.split('/');
    for (const [index, name] of names.entries()) {
      at = inside(at, name);
      if (reader.entries.get(at)?.mode !== '120000') continue;
      followed.add(at);
      if (links >= MOST_LINKS) return undefined;
      const target = toRepoPath(
        top,
        join(toAbsolute(top, folderOf(at)), (await reader.readText(at)) ?? ''),
      );
      const led =
        target === undefined
          ? undefined
          : [target, ...names.slice(index + 1)].filter((part) => part !== '').join('/');
      if (led === undefined) return undefined;
      followed.add(led);
      return follow(led, links + 1);
    }
    return at;
  };

  const realFile = async (path: RepoPath): Promise<RepoPath | undefined> => {
    const real =
      reader.entries.has(path) && reader.entries.get(path)?.mode !== '120000'
        ? path
        : await follow(path);
    const entry = real === undefined ? undefined : reader.entries.get(real);
    return entry === undefined || entry.mode === '160000' ? undefined : real;
  };

  const realFolder = async (path: RepoPath): Promise<RepoPath | undefined> => {
    const real = await follow(path);
    return real !== undefined && reader.hasFolder(real) ? real : undefined;
  };

  const stat = async (path: string): Promise<Pick<Stats, 'isFile' | 'isDirectory'>> => {
    const place = locate(path);
    if (place.from === 'disk') return disk.stat(place.path);
    // Where a tree holds the repository's `node_modules` is the disk's business: the walk upwards asks for it.
    if ((await realFile(place.path)) !== undefined) return FILE;
    if ((await realFolder(place.path)) !== undefined) return FOLDER;
    throw absent(path);
  };

  const readFile = async (path: string): Promise<Buffer> => {
    const place = locate(path);
    if (place.from === 'disk') return disk.readFile(place.path);
    const real = await realFile(place.path);
    const bytes = real === undefined ? undefined : await reader.read(real);
    if (bytes === undefined) throw absent(path);
    return Buffer.from(bytes);
  };

  const readdir = async (path: string): Promise<string[]> => {
    const place = locate(path);
    if (place.from === 'disk') return disk.readdir(place.path);
    const folder = await follow(place.path);
    return [...reader.namesIn(folder ?? place.path)];
  };

  const readlink = async (path: string): Promise<string> => {
    const below = toRepoPath(top, path);
    if (below === undefined || goesThroughModules(below)) return disk.readlink(path);
    if (reader.entries.get(below)?.mode !== '120000') throw notALink(path);
    return (await reader.readText(below)) ?? '';
  };

  return {
    locate,
    realFile,
    realFolder,
    realRoots,
    followed,
    fileSystem: {
      stat: answering(stat),
      readFile: answering(readFile),
      readdir: answering(readdir),
      readlink: answering(readlink),
    },
  };
}

const FILE = { isFile: () => true, isDirectory: () => false };
const FOLDER = { isFile: () => false, isDirectory: () => true };

/** `.../node_modules/name` or `.../node_modules/@scope/name`, and what follows it, `/`-separated. */
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

function absent(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), {
    code: 'ENOENT',
  });
}

function notALink(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`EINVAL: not a link, '${path}'`), { code: 'EINVAL' });
}

function answering<T>(
  ask: (path: string) => Promise<T>,
): (path: string, answer: Answer<T>) => void {
  return (path, answer) => {
    ask(path).then(
      (result) => answer(null, result),
      (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
    );
  };
}

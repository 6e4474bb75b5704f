import { promises as disk, realpathSync, type Stats } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { type RepoPath, goesThroughModules, inside, toRepoPath } from '../../model/repo-path.ts';
import type { TreeReader } from './tree-reader.ts';

/**
 * Where a path's content comes from: the tree, or the disk (dependencies, and what is above the
 * repository).
 */
export type SourceLocation =
  | { readonly from: 'tree'; readonly path: RepoPath }
  | { readonly from: 'disk'; readonly path: string };

/** Whether git ignores a path: such a file belongs to the machine, like an environment variable. */
export type Ignores = (path: RepoPath) => Promise<boolean>;

/** For a tree without a git repository. */
export const nothingIgnored: Ignores = () => Promise.resolve(false);

type Answer<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;

/**
 * The part of a file system that enhanced-resolve needs. Paths are absolute, in the platform's
 * style.
 */
export interface ResolverFileSystem {
  stat(path: string, answer: Answer<Pick<Stats, 'isFile' | 'isDirectory'>>): void;
  readFile(path: string, answer: Answer<Buffer>): void;
  readdir(path: string, answer: Answer<string[]>): void;
  readlink(path: string, answer: Answer<string>): void;
}

/** Writes every path it reads to the reader's log. */
export interface TreeFileSystem {
  /** The repository as the tree has it, with the dependencies that are installed on disk. */
  readonly overTree: ResolverFileSystem;
  /** The disk alone. */
  readonly overDisk: ResolverFileSystem;
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
  realFile(path: RepoPath): Promise<RepoPath | undefined>;
  /** The same for a folder. */
  realFolder(path: RepoPath): Promise<RepoPath | undefined>;
  /**
   * What node's own `require` finds on disk from a folder (absolute real path); undefined when it
   * finds nothing.
   */
  requireResolve(specifier: string, folder: string): string | undefined;
}

const FILE = { isFile: () => true, isDirectory: () => false };
const FOLDER = { isFile: () => false, isDirectory: () => true };

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

  const realFile = async (path: RepoPath): Promise<RepoPath | undefined> => {
    const real = reader.follow(path);
    const entry = real === undefined ? undefined : reader.entry(real);
    return entry?.mode.startsWith('100') === true ? real : undefined;
  };

  const realFolder = async (path: RepoPath): Promise<RepoPath | undefined> => {
    const real = reader.follow(path);
    return real !== undefined && reader.hasFolder(real) ? real : undefined;
  };

  const readFile = async (path: string): Promise<Buffer> => {
    const at = locate(path);
    if (at.from === 'disk') return disk.readFile(onDisk(at.path));
    const real = await realFile(at.path);
    const bytes = real === undefined ? undefined : await reader.read(real);
    if (bytes === undefined) throw absent(path);
    return Buffer.from(bytes);
  };

  return {
    locate,
    realFile,
    realFolder,
    readText: async (path) => {
      const at = locate(path);
      if (at.from === 'disk') return disk.readFile(onDisk(at.path), 'utf8').catch(() => undefined);
      const real = await realFile(at.path);
      return real === undefined ? undefined : reader.readText(real);
    },
    readDisk: (path) => disk.readFile(onDisk(path), 'utf8').catch(() => undefined),
    requireResolve: (specifier, folder) => {
      log.disk.add(join(folder, 'node_modules'));
      try {
        return createRequire(join(folder, 'package.json')).resolve(specifier);
      } catch {
        return undefined;
      }
    },
    overTree: {
      stat: answering(async (path) => {
        const at = locate(path);
        if (at.from === 'disk') return disk.stat(onDisk(at.path));
        if ((await realFile(at.path)) !== undefined) return FILE;
        if ((await realFolder(at.path)) !== undefined) return FOLDER;
        throw absent(path);
      }),
      readFile: answering(readFile),
      readdir: answering(async (path) => {
        const at = locate(path);
        if (at.from === 'disk') return disk.readdir(onDisk(at.path));
        return reader.list(reader.follow(at.path) ?? at.path).map(([name]) => name);
      }),
      readlink: answering(async (path) => {
        const below = toRepoPath(top, path);
        if (below === undefined || goesThroughModules(below)) return disk.readlink(onDisk(path));
        if (reader.entry(below)?.mode !== '120000') throw notALink(path);
        return (await reader.readText(below)) ?? '';
      }),
    },
    overDisk: {
      stat: answering((path) => disk.stat(onDisk(path))),
      readFile: answering((path) => disk.readFile(onDisk(path))),
      readdir: answering((path) => disk.readdir(onDisk(path))),
      readlink: answering((path) => disk.readlink(onDisk(path))),
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

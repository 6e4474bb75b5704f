import { linkProblem, linksOf } from '../../git/trees/links.ts';
import { isInSubmodule, missingIn, submoduleMissing } from '../../git/trees/submodules.ts';
import { SUBMODULE, type Entry, type Tree } from '../../git/trees/tree.ts';
import { type RepoPath, folderOf, goesThroughModules, inside } from '../../model/repo-path.ts';
import { openReadLog, type ReadLog } from './read-log.ts';
import { batched } from './batched-read.ts';

/** Files that a schema may import: worth reading along with their neighbours. */
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
/** A folder with more source files than this is not read whole for the sake of one of them. */
const MOST_NEIGHBOURS = 150;

/** A submodule is a folder. */
type Listed = readonly [name: string, kind: 'file' | 'folder' | 'link'];

/**
 * Reads a tree and logs every path. There is no other access to the tree's entries: what is not in
 * the log was not read. Files are read in few, large portions, and a source file brings the source
 * files beside it along.
 */
export interface TreeReader {
  /** Written by each method that reads. */
  readonly log: ReadLog;
  /** The entry of a file, symlink or submodule. */
  entry(path: RepoPath): Entry | undefined;
  /** Whether a path is a symlink of the tree or leads through one. */
  isLinked(path: RepoPath): boolean;
  /** The path with symlinks followed; undefined where one leaves the repository. */
  follow(path: RepoPath): RepoPath | undefined;
  /** Why there is nothing where a path leads, if a symlink on the way is the reason. */
  linkProblem(path: RepoPath): string | undefined;
  /** The bytes of a file; undefined when the tree does not have it. */
  read(path: RepoPath): Promise<Uint8Array | undefined>;
  /** The text of a file (UTF-8, a BOM dropped); undefined when the tree does not have it. */
  readText(path: RepoPath): Promise<string | undefined>;
  /** Whether the tree has a folder of this name. */
  hasFolder(path: RepoPath): boolean;
  /** What a folder holds. */
  list(folder: RepoPath): readonly Listed[];
  /**
   * @throws GuardError `object-missing` where a path in the log is in a submodule that this clone
   * does not have: what was found without it is no answer.
   */
  refuseMissing(): void;
  /** Every package.json of the tree outside `node_modules`. */
  manifests(): readonly RepoPath[];
  /**
   * The paths in the log, without folders that were not listed: they were only passed on the way to
   * a file.
   */
  asked(): readonly RepoPath[];
}

/**
 * A reader of one tree, with a log of its own. Lists the tree's entries once; files are read when
 * asked for.
 */
export async function openReader(tree: Tree): Promise<TreeReader> {
  const log = openReadLog();
  const [entries, links] = await Promise.all([tree.entries(), linksOf(tree)]);
  const missing = missingIn(entries);
  const file = batched(tree);
  let listed: Map<RepoPath, string[]> | undefined;
  const folders = (): Map<RepoPath, string[]> => (listed ??= listFolders(entries));

  const neighboursOf = (path: RepoPath): readonly RepoPath[] => {
    const folder = folderOf(path);
    const neighbours = (folders().get(folder) ?? [])
      .map((name) => inside(folder, name))
      .filter((one) => one !== path && SOURCE.test(one) && entries.has(one));
    return neighbours.length < MOST_NEIGHBOURS ? neighbours : [];
  };
  const entry = (path: RepoPath): Entry | undefined => {
    log.tree.add(path);
    return entries.get(path);
  };
  const read = async (path: RepoPath): Promise<Uint8Array | undefined> => {
    if (entry(path) === undefined) return undefined;
    return file(path, SOURCE.test(path) ? () => neighboursOf(path) : undefined);
  };

  const follow = (path: RepoPath): RepoPath | undefined => {
    const { path: real, passed } = links.follow(path);
    for (const one of [path, ...passed, real ?? path]) log.tree.add(one);
    return real;
  };

  return {
    log,
    entry,
    read,
    isLinked: (path) => {
      log.tree.add(path);
      return links.paths.some((link) => path === link || path.startsWith(`${link}/`));
    },
    follow,
    linkProblem: (path) => {
      follow(path);
      return linkProblem(entries, links, path);
    },
    readText: async (path) => {
      const bytes = await read(path);
      return bytes === undefined ? undefined : new TextDecoder('utf-8').decode(bytes);
    },
    hasFolder: (path) => {
      log.tree.add(path);
      return folders().has(path);
    },
    list: (folder) => {
      log.tree.add(`${folder}/`);
      return (folders().get(folder) ?? []).map((name) => [
        name,
        kindOf(entries.get(inside(folder, name))),
      ]);
    },
    refuseMissing: () => {
      const asked = missing.length === 0 ? [] : [...log.tree];
      const first = missing.find((one) => asked.some((path) => isInSubmodule(path, one)));
      if (first !== undefined) throw submoduleMissing(entries, first, tree.name);
    },
    manifests: () => {
      log.manifests = true;
      return [...entries.keys()].filter(
        (path) =>
          (path === 'package.json' || path.endsWith('/package.json')) && !goesThroughModules(path),
      );
    },
    asked: () =>
      [...log.tree].filter(
        (path) => path.endsWith('/') || log.tree.has(`${path}/`) || !folders().has(path),
      ),
  };
}

function kindOf(entry: Entry | undefined): Listed[1] {
  if (entry === undefined || entry.mode === SUBMODULE) return 'folder';
  return entry.mode === '120000' ? 'link' : 'file';
}

function listFolders(entries: ReadonlyMap<RepoPath, Entry>): Map<RepoPath, string[]> {
  const folders = new Map<RepoPath, string[]>([['', []]]);
  const add = (path: RepoPath): void => {
    const folder = folderOf(path);
    const name = folder === '' ? path : path.slice(folder.length + 1);
    const names = folders.get(folder);
    if (names !== undefined) {
      names.push(name);
      return;
    }
    folders.set(folder, [name]);
    add(folder);
  };
  for (const [path, { mode }] of entries) {
    add(path);
    // Its files come behind it, and find the folder.
    if (mode === SUBMODULE) folders.set(path, []);
  }
  return folders;
}

import type { Entry, Tree } from '../../git/trees/tree.ts';
import { type RepoPath, folderOf } from '../../model/repo-path.ts';

/** Files that a schema may import: worth reading along with their neighbours. */
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
/** A folder with more source files than this is not read whole for the sake of one of them. */
const MOST_NEIGHBOURS = 150;

/**
 * Reads a tree's files in few, large portions: what is asked for in the same turn goes out in one `tree.read`, and a
 * source file brings the source files beside it along (each `tree.read` may be a git process).
 */
export interface TreeReader {
  readonly entries: ReadonlyMap<RepoPath, Entry>;
  /** Whether a path is a symlink of the tree or leads through one. */
  isLinked(path: RepoPath): boolean;
  /** The bytes of a file; undefined when the tree does not have it. */
  read(path: RepoPath): Promise<Uint8Array | undefined>;
  /** The text of a file (UTF-8, a BOM dropped); undefined when the tree does not have it. */
  readText(path: RepoPath): Promise<string | undefined>;
  /** Whether the tree has a folder of this name. */
  hasFolder(path: RepoPath): boolean;
  /** Names in a folder. */
  namesIn(folder: RepoPath): readonly string[];
}

/** A reader of one tree. Lists the tree's entries once; nothing is read before it is asked for. */
export async function openReader(tree: Tree): Promise<TreeReader> {
  const entries = await tree.entries();
  const links = [...entries].filter(([, { mode }]) => mode === '120000').map(([path]) => path);
  let folders: Map<RepoPath, string[]> | undefined;
  const known = new Map<RepoPath, Promise<Uint8Array | undefined>>();
  let portion: Portion | undefined;

  const ask = (path: RepoPath, asNeighbour = false): Promise<Uint8Array | undefined> => {
    const asked = known.get(path);
    if (!asNeighbour) portion?.neighbours.delete(path);
    if (asked !== undefined) return asked;
    const mine = (portion ??= newPortion());
    if (mine.answers.size === 0) {
      setImmediate(() => {
        portion = undefined;
        void readPortion(tree, mine, (one) => known.delete(one));
      });
    }
    const answer = new Promise<Uint8Array | undefined>((resolve, reject) =>
      mine.answers.set(path, { resolve, reject }),
    );
    if (asNeighbour) mine.neighbours.add(path);
    answer.catch(() => undefined);
    known.set(path, answer);
    return answer;
  };

  const listed = (): Map<RepoPath, string[]> => (folders ??= listFolders(entries));
  const read = async (path: RepoPath): Promise<Uint8Array | undefined> => {
    if (!entries.has(path)) return undefined;
    if (!known.has(path) && SOURCE.test(path)) {
      const folder = folderOf(path);
      const neighbours = (listed().get(folder) ?? [])
        .map((name) => (folder === '' ? name : `${folder}/${name}`))
        .filter((one) => SOURCE.test(one) && entries.has(one));
      if (neighbours.length <= MOST_NEIGHBOURS)
        for (const one of neighbours) if (one !== path) void ask(one, true);
    }
    return ask(path);
  };

  return {
    entries,
    isLinked: (path) => links.some((link) => path === link || path.startsWith(`${link}/`)),
    read,
    readText: async (path) => {
      const bytes = await read(path);
      return bytes === undefined ? undefined : new TextDecoder('utf-8').decode(bytes);
    },
    hasFolder: (path) => listed().has(path),
    namesIn: (folder) => listed().get(folder) ?? [],
  };
}

interface Portion {
  readonly answers: Map<
    RepoPath,
    {
      readonly resolve: (bytes: Uint8Array | undefined) => void;
      readonly reject: (error: unknown) => void;
    }
  >;
  /** What nobody has asked for by name yet. */
  readonly neighbours: Set<RepoPath>;
}

function newPortion(): Portion {
  return { answers: new Map(), neighbours: new Set() };
}

/** In a partial clone a neighbour's bytes may be missing: then only what was asked for by name is read. */
async function readPortion(
  tree: Tree,
  { answers, neighbours }: Portion,
  forget: (path: RepoPath) => void,
): Promise<void> {
  try {
    const bytes = await tree.read([...answers.keys()]);
    for (const [path, { resolve }] of answers) resolve(bytes.get(path));
  } catch (error) {
    for (const path of answers.keys()) forget(path);
    if (neighbours.size === 0) {
      for (const { reject } of answers.values()) reject(error);
      return;
    }
    for (const path of neighbours) answers.get(path)?.reject(error);
    const named = new Map([...answers].filter(([path]) => !neighbours.has(path)));
    await readPortion(tree, { answers: named, neighbours: new Set() }, forget);
  }
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
  for (const path of entries.keys()) add(path);
  return folders;
}

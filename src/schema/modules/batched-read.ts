import type { Tree } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * Reads one file; `neighbours` names files that are worth reading in the same go when it was not
 * read yet.
 */
type BatchedRead = (
  path: RepoPath,
  neighbours?: () => readonly RepoPath[],
) => Promise<Uint8Array | undefined>;

interface Batch {
  readonly answers: Map<
    RepoPath,
    {
      readonly resolve: (bytes: Uint8Array | undefined) => void;
      readonly reject: (error: unknown) => void;
    }
  >;
  /** Files that were not asked for by name yet. */
  readonly neighbours: Set<RepoPath>;
}

/**
 * Reads a tree's files, each once: reads of the same turn go out in one `tree.read`, which may be a
 * git process. A file that the tree cannot read rejects; it can be read again.
 */
export function batched(tree: Tree): BatchedRead {
  const known = new Map<RepoPath, Promise<Uint8Array | undefined>>();
  let next: Batch | undefined;

  const ask = (path: RepoPath, asNeighbour: boolean): Promise<Uint8Array | undefined> => {
    if (!asNeighbour) next?.neighbours.delete(path);
    const asked = known.get(path);
    if (asked !== undefined) return asked;
    const mine = (next ??= { answers: new Map(), neighbours: new Set() });
    if (mine.answers.size === 0) {
      setImmediate(() => {
        next = undefined;
        void readBatch(tree, mine, (one) => known.delete(one));
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

  return (path, neighbours) => {
    if (!known.has(path)) for (const one of neighbours?.() ?? []) void ask(one, true);
    return ask(path, false);
  };
}

/**
 * In a partial clone a neighbour's bytes may be missing: then only the files that were asked for
 * are read.
 */
async function readBatch(
  tree: Tree,
  { answers, neighbours }: Batch,
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
    await readBatch(tree, { answers: named, neighbours: new Set() }, forget);
  }
}

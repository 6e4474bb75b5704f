import type { RepoPath } from '../../model/repo-path.ts';
import type { Repository } from '../repository.ts';
import type { Stages } from '../worktree/joining.ts';
import { readStatus } from '../worktree/status.ts';
import { unstagedFrom } from '../worktree/unstaged.ts';
import { entriesOf, readWorkingFile } from '../worktree/working-file.ts';
import { rawChangesInIndex } from './changed.ts';
import { commitTree } from './commit-tree.ts';
import { gitTree, withChanges } from './git-tree.ts';
import { overlayTree, type Overlaid } from './overlay-tree.ts';
import { EMPTY_TREE, type Entry, type Tree } from './tree.ts';

/** The index and the working tree in the middle of a merge or the like. */
export interface Joined {
  /** What would be recorded if the working tree were staged now, conflicts included. */
  readonly merged: Tree;
  /**
   * The index; a path in conflict as in one of its stages. What changed without a conflict came with
   * the other side: the first stage has it as HEAD does.
   */
  readonly stage: (stage: 1 | 2 | 3) => Tree;
  /** Paths whose file in the working tree is not what the index has; those in conflict are not among them. */
  readonly unstaged: ReadonlySet<RepoPath>;
}

/**
 * Reads an index that may have conflicts. Nothing is staged.
 * @param reading its conflicts
 */
export async function joinedTree(
  repository: Repository,
  reading: Promise<ReadonlyMap<RepoPath, Stages>>,
): Promise<Joined> {
  const { head, emptyTree } = repository;
  const [unmerged, { changed }, status, before] = await Promise.all([
    reading,
    rawChangesInIndex(repository, head ?? emptyTree),
    readStatus(repository, [''], 'no'),
    head === undefined ? EMPTY_TREE : commitTree(repository, head),
  ]);
  const listed = async (): Promise<ReadonlyMap<RepoPath, Entry>> => {
    const entries = new Map(withChanges(await before.entries(), changed));
    for (const path of unmerged.keys()) entries.delete(path);
    return entries;
  };
  const index = gitTree(repository, 'the index', listed);
  const [unstaged, conflicts] = await Promise.all([
    unstagedFrom(repository, status),
    inConflict(repository, [...unmerged.keys()]),
  ]);
  const overlaid = new Map<RepoPath, Overlaid | undefined>(conflicts);
  for (const { path, entry, read } of unstaged)
    overlaid.set(path, entry === undefined ? undefined : { entry, bytes: read });
  return {
    merged: overlayTree(index, 'the merged files', overlaid),
    stage: (stage) =>
      gitTree(repository, `stage ${stage} of the index`, async () => {
        const [here, then] = await Promise.all([index.entries(), before.entries()]);
        const entries = new Map(stage === 1 ? then : here);
        for (const [path, stages] of unmerged) {
          const entry = stages[stage];
          if (entry === undefined) entries.delete(path);
          else entries.set(path, entry);
        }
        return entries;
      }),
    unstaged: new Set(unstaged.map(({ path }) => path)),
  };
}

/** The files of the working tree at the paths that are in conflict. */
async function inConflict(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<readonly (readonly [RepoPath, Overlaid])[]> {
  const entries = await entriesOf(
    repository,
    paths.map((path) => ({ path, state: 'untracked' as const })),
  );
  return [...entries].map(([path, entry]) => [
    path,
    { entry, bytes: () => readWorkingFile(repository, path, entry) },
  ]);
}

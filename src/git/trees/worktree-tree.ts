import type { IndexChange } from './index-tree.ts';
import type { ChangedPath } from './listing.ts';
import { unstagedFrom } from '../worktree/unstaged.ts';
import { overlayTree, type Overlaid } from './overlay-tree.ts';
import type { Repository } from '../repository.ts';
import { readStatus } from '../worktree/status.ts';
import { sameEntry, type Entry } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * What would be recorded after `git add -A`: the index with everything modified, deleted, and
 * untracked but not ignored. Submodules keep the entry that the index has. Nothing is staged.
 */
export async function worktreeTree(
  repository: Repository,
  index: IndexChange,
): Promise<IndexChange> {
  const unstaged = await unstagedFrom(repository, await readStatus(repository, [''], 'no'));
  const overlaid = new Map(
    unstaged.map(({ path, entry, read }): readonly [RepoPath, Overlaid | undefined] => [
      path,
      entry === undefined ? undefined : { entry, bytes: read },
    ]),
  );
  const after = overlayTree(index.after, 'the working tree', overlaid);
  const before = await index.before.entries();
  return { ...index, after, changed: joined(index.changed, overlaid, before) };
}

function joined(
  staged: readonly ChangedPath[],
  overlaid: ReadonlyMap<RepoPath, Overlaid | undefined>,
  before: ReadonlyMap<RepoPath, Entry>,
): readonly ChangedPath[] {
  const changed = new Map(staged.map((one) => [one.path, one]));
  for (const [path, change] of overlaid) {
    const old = before.get(path);
    if (sameEntry(old, change?.entry)) changed.delete(path);
    else
      changed.set(path, {
        path,
        ...(old === undefined ? {} : { before: old }),
        ...(change === undefined ? {} : { after: change.entry }),
      });
  }
  return [...changed.values()];
}

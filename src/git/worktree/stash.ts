import { changedBetween } from '../trees/changed.ts';
import type { UnstagedFile } from './unstaged-file.ts';
import { parseLsTree } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import { sameEntry, SUBMODULE, type Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * What the newest stash has changed or added, where that is not what the tree to be recorded has. A
 * stash is a commit of the working tree on top of HEAD then (first parent), of the index then
 * (second), and, with `--include-untracked`, of the untracked files (third): git-stash(1),
 * "Discussion". While lint-staged runs, it keeps the whole working tree in a stash and hides the
 * unstaged part of partially staged files; afterwards it restores them and drops the stash. What
 * only that stash has is reported as `unstaged`.
 * @param under folders or files; '' is everything. @param recorded the tree to be recorded.
 */
export async function stashed(
  repository: Repository,
  under: readonly RepoPath[],
  recorded?: ReadonlyMap<RepoPath, Entry>,
): Promise<readonly UnstagedFile[]> {
  // It names nothing in most repositories, which the open reader answers.
  if ((await repository.objects.look('refs/stash')).type === undefined) return [];
  const { stdout } = await repository.git.run([
    'for-each-ref',
    '--format=%(objectname) %(parent)',
    'refs/stash',
  ]);
  const [stash, onto, , untracked] = stdout.toString('utf8').trim().split(' ');
  if (stash === undefined || stash === '' || onto === undefined) return [];
  const [changed, extra, hidden] = await Promise.all([
    changedBetween(repository, onto, stash),
    untracked === undefined ? new Map<RepoPath, Entry>() : filesOf(repository, untracked),
    onto === repository.head && isLintStagedBackup(repository),
  ]);
  const found = new Map([
    ...changed.flatMap(({ path, after }) => (after === undefined ? [] : [[path, after] as const])),
    ...extra,
  ]);
  return [...found].flatMap(([path, entry]): readonly UnstagedFile[] => {
    if (
      entry.mode === SUBMODULE ||
      entry.submodule !== undefined ||
      !isUnder(path, under) ||
      sameEntry(recorded?.get(path), entry)
    )
      return [];
    const state = hidden
      ? ({ state: 'unstaged' } as const)
      : ({ state: 'stashed', from: extra.has(path) ? 'stash@{0}^3' : 'stash@{0}' } as const);
    return [
      {
        path,
        ...state,
        entry,
        read: async () =>
          (await repository.blobs.read([entry.oid], () => path)).get(entry.oid) ?? new Uint8Array(),
      },
    ];
  });
}

/**
 * The name is only in the reflog (`STASH` in lint-staged's lib/gitWorkflow.js, given to `git stash
 * store --message`).
 */
async function isLintStagedBackup({ git }: Repository): Promise<boolean> {
  const { stdout } = await git.run(
    [
      'log',
      '--walk-reflogs',
      '--max-count=1',
      '--no-show-signature',
      '--format=%gs',
      'refs/stash',
      '--',
    ],
    { ok: [0, 128] },
  );
  return stdout.toString('utf8').trim().endsWith('lint-staged automatic backup');
}

async function filesOf(
  repository: Repository,
  commit: string,
): Promise<ReadonlyMap<RepoPath, Entry>> {
  return parseLsTree(
    (await repository.git.run(['ls-tree', '-r', '-z', '--full-tree', commit])).stdout,
  );
}

function isUnder(path: RepoPath, under: readonly RepoPath[]): boolean {
  return under.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`));
}

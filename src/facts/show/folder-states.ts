import type { FolderHistory, Migration } from '../../history/history.ts';
import { ancestorsOf, type FolderSnapshot } from '../../schema/folders.ts';
import { folderSnapshots } from '../folder-snapshots.ts';
import { parentOf } from '../sql-origin/read-origin.ts';
import { wholeStates } from '../whole-states.ts';
import { cannotShow, unreadable, type Between, type ShownRequest } from './between.ts';

/**
 * The states around migrations of drizzle-kit 1.x, as drizzle-kit combines them: of one, what its
 * parents made; of several, what all others make, where none of those rests on them. Where
 * drizzle-kit does not combine them, each has its own.
 * @throws GuardError `evaluation-failed`.
 */
export async function foldersBetween(
  { tree, project, evaluator }: Omit<ShownRequest, 'history'>,
  history: FolderHistory,
  named: readonly Migration[],
): Promise<readonly Between[]> {
  const snapshots = snapshotsOf(history);
  const known = named.filter(({ snapshot }) => snapshot !== undefined);
  if (known.length === 0)
    throw cannotShow(`${named.map(({ name }) => name).join(', ')} has no snapshot`);
  const without = named.filter(({ snapshot }) => snapshot === undefined).map(({ name }) => name);
  const notes =
    without.length === 0
      ? []
      : [`Without a snapshot, and so not in the picture: ${without.join(', ')}.`];
  if (known.length > 1) {
    const combined = await combinedOf(known);
    if (combined !== undefined) return [{ of: named, ...combined, notes }];
  }
  return Promise.all(
    known.map(async (one, at) => {
      const whole = wholeStates(one, await parentOf(one, history, tree), history);
      const states =
        whole === undefined
          ? await evaluator.around(project, snapshots, one.name)
          : ({ status: 'ok', ...whole } as const);
      if (states.status === 'refused')
        throw cannotShow(
          states.problems.map(({ folder, message }) => `${folder}: ${message}`).join('; '),
        );
      const { before, after } = states;
      return { of: [one], before, after, notes: at === 0 ? notes : [] };
    }),
  );

  /** All of the history without what rests on these, and the same with them. */
  async function combinedOf(
    some: readonly Migration[],
  ): Promise<Pick<Between, 'before' | 'after'> | undefined> {
    const own = new Set(some.map(({ name }) => name));
    const rest = snapshots.filter(
      ({ folder }) => !ancestorsOf(snapshots, folder).some((one) => own.has(one.folder)),
    );
    const whole = snapshots.filter((one) => own.has(one.folder) || rest.includes(one));
    // Between two of them is one that is not asked for.
    if (some.some(({ name }) => ancestorsOf(snapshots, name).some((one) => !whole.includes(one))))
      return undefined;
    const [before, after] = await Promise.all([
      rest.length === 0 ? undefined : evaluator.base(project, rest),
      evaluator.base(project, whole),
    ]);
    return (before !== undefined && before.status !== 'ok') ||
      after.status !== 'ok' ||
      after.state === undefined
      ? undefined
      : { before: before?.state, after: after.state };
  }
}

function snapshotsOf(history: FolderHistory): readonly FolderSnapshot[] {
  const snapshots = folderSnapshots(history);
  if (snapshots !== undefined) return snapshots;
  for (const { snapshot } of history.migrations)
    if (snapshot?.snapshot.status === 'invalid')
      throw unreadable(snapshot.path, snapshot.snapshot.problems);
  throw cannotShow(`a snapshot in ${history.out} cannot be read`);
}

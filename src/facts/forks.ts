import { isFolders, type History } from '../history/history.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { FolderSnapshot, ForkConflict } from '../schema/folders.ts';
import { folderSnapshots } from './folder-snapshots.ts';

/**
 * The forks of a history of folders that do not go together: those that are open, and those that
 * migrations of the change join.
 * @param isNew whether a migration is one of the change's, by the path of its snapshot
 * @returns undefined where nothing is forked, or a snapshot cannot be read.
 */
export async function forksOf(
  project: Project,
  history: History,
  evaluator: Evaluator,
  isNew: (path: string) => boolean,
): Promise<readonly ForkConflict[] | undefined> {
  if (!isFolders(history)) return undefined;
  const joins = history.migrations.some(
    ({ snapshot, snapshotPath }) =>
      snapshot?.snapshot.status === 'ok' &&
      snapshot.snapshot.prevIds.length > 1 &&
      isNew(snapshotPath),
  );
  const isOpen = history.leaves.length > 1;
  const snapshots = isOpen || joins ? folderSnapshots(history) : undefined;
  if (snapshots === undefined) return undefined;
  const [open, joined] = await Promise.all([
    isOpen ? evaluator.conflicts(project, snapshots) : [],
    joinedForks(
      project,
      snapshots,
      evaluator,
      history.migrations.flatMap(({ name, snapshotPath }) => (isNew(snapshotPath) ? [name] : [])),
    ),
  ]);
  return [...open, ...joined];
}

/** The forks that do not go together, and that some of the migrations join. */
export async function joinedForks(
  project: Project,
  snapshots: readonly FolderSnapshot[],
  evaluator: Evaluator,
  names: readonly string[],
): Promise<readonly ForkConflict[]> {
  const joins = snapshots.filter(({ folder, json }) => {
    const parents = json['prevIds'];
    return Array.isArray(parents) && parents.length > 1 && names.includes(folder);
  });
  const found = await Promise.all(
    joins.map(({ folder }) => evaluator.conflicts(project, snapshots, folder)),
  );
  return found.flat();
}

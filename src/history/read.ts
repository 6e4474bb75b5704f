import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { History, ReadHistory } from './history.ts';
import { readJournalLayout } from './journal-layout.ts';

/**
 * Reads a project's migrations out of a tree. One reader for each on-disk layout; today there is
 * one, that of drizzle-kit 0.20-0.31 with `meta/_journal.json`.
 * @param out repository path of the migrations folder, '' for the top.
 * @throws GuardError `object-missing` from the tree. Problems in the files are part of the history,
 * never thrown.
 */
export function readHistory(
  tree: Tree,
  out: RepoPath,
  options: ReadHistory = {},
): Promise<History> {
  return readJournalLayout(tree, out, options);
}

/** Paths of the snapshots that were read, to read the same ones on the other side of a change. */
export function snapshotsRead(history: History): ReadonlySet<RepoPath> {
  const files = [
    ...history.migrations.flatMap(({ snapshot }) => snapshot ?? []),
    ...history.orphanSnapshots,
    ...(history.newest === undefined ? [] : [history.newest]),
  ];
  return new Set(
    files.filter(({ snapshot }) => snapshot.status !== 'unread').map(({ path }) => path),
  );
}

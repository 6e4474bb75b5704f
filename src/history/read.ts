import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { History, ReadHistory, SnapshotFile } from './history.ts';
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

/** Every file that drizzle-kit takes for a snapshot, and each migration's; each file once. */
export function everySnapshot(history: History): readonly SnapshotFile[] {
  const { migrations, orphanSnapshots, newest } = history;
  const files = [
    ...migrations.flatMap(({ snapshot }) => snapshot ?? []),
    ...orphanSnapshots,
    ...(newest === undefined ? [] : [newest]),
  ];
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Paths of the snapshots that were read, to read the same ones on the other side of a change. */
export function snapshotsRead(history: History): ReadonlySet<RepoPath> {
  return new Set(
    everySnapshot(history)
      .filter(({ snapshot }) => snapshot.status !== 'unread')
      .map(({ path }) => path),
  );
}

import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { countFolders, hasFolders, readFolderLayout } from './folder-layout.ts';
import {
  isJournal,
  type History,
  type Layout,
  type ReadHistory,
  type SnapshotFile,
} from './history.ts';
import { countEntries, readJournalLayout } from './journal-layout.ts';
import { journalPath } from './layout.ts';

/**
 * Reads a project's migrations out of a tree. One reader for each on-disk layout: that of
 * drizzle-kit 0.20-0.31 with `meta/_journal.json`, and the folders of 1.x.
 * @param out repository path of the migrations folder, '' for the top.
 * @throws GuardError `object-missing` from the tree. Problems in the files are part of the history,
 * never thrown.
 */
export async function readHistory(
  tree: Tree,
  out: RepoPath,
  options: ReadHistory = {},
): Promise<History> {
  return (await layoutOf(tree, out, options.layout)) === 'folders'
    ? readFolderLayout(tree, out, options)
    : readJournalLayout(tree, out, options);
}

/**
 * How many migrations a tree has, of which nothing but the journal is read.
 * @param out as `readHistory`, which throws the same.
 * @param kit what the installed drizzle-kit writes
 */
export async function countMigrations(tree: Tree, out: RepoPath, kit: Layout): Promise<number> {
  return (await layoutOf(tree, out, kit)) === 'folders'
    ? countFolders(tree, out)
    : countEntries(tree, out);
}

/** What is in the tree; where both layouts are, or neither, what the installed drizzle-kit writes. */
async function layoutOf(tree: Tree, out: RepoPath, kit: ReadHistory['layout']): Promise<Layout> {
  const hasJournal = (await tree.entries()).has(journalPath(out));
  if (hasJournal !== (await hasFolders(tree, out))) return hasJournal ? 'journal' : 'folders';
  return (typeof kit === 'function' ? await kit() : kit) ?? 'journal';
}

/** Every file that drizzle-kit takes for a snapshot, and each migration's; each file once. */
export function everySnapshot(history: History): readonly SnapshotFile[] {
  const { migrations, orphanSnapshots, newest } = history;
  const files = [
    ...migrations.flatMap(({ snapshot }) => snapshot ?? []),
    // What is left of `meta/` beside folders is nothing to drizzle-kit 1.x.
    ...(isJournal(history) ? orphanSnapshots : []),
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

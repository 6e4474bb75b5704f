import { hindrances } from '../../facts/switch/hindrances.ts';
import { withOwnId } from '../../facts/switch/own-id.ts';
import { inFolders } from '../../facts/switch/in-folders.ts';
import { folderSnapshots } from '../../facts/folder-snapshots.ts';
import { overlayTree, type Overlaid } from '../../git/trees/overlay-tree.ts';
import { readOne, type Tree } from '../../git/trees/tree.ts';
import {
  isFolders,
  isJournal,
  type FolderHistory,
  type FolderMigration,
  type History,
  type JournalHistory,
} from '../../history/history.ts';
import { inOut } from '../../history/layout.ts';
import { everySnapshot, readHistory } from '../../history/read.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import { jsonBytes } from '../bytes.ts';
import type { Stop } from '../input.ts';

/** A side as `drizzle-kit up` leaves it. */
export interface MovedSide {
  readonly tree: Tree;
  readonly history: FolderHistory;
  /** The files of the journal, which go. */
  readonly gone: readonly RepoPath[];
  /** The tag that each folder had in the journal. */
  readonly tags: ReadonlyMap<string, string>;
}

export interface Moving {
  readonly project: Project;
  readonly evaluator: Evaluator;
  /** The files as the merge left them. */
  readonly merged: Tree;
  /** The oid that git gives to bytes. */
  readonly oidOf: (bytes: Uint8Array) => string;
}

/** Whether `drizzle-kit up` has something to do in a history. */
export function isOld(history: History, version: number): boolean {
  return (
    isJournal(history) ||
    history.migrations.some(
      ({ snapshot }) =>
        snapshot?.snapshot.status === 'ok' && Number(snapshot.snapshot.version) < version,
    )
  );
}

/**
 * What `drizzle-kit up` makes of a side: the same SQL, ids and parents. Nothing is written.
 * @param other the side that has been moved already: what it has of the same migrations counts
 */
export async function movedSide(
  tree: Tree,
  { project, evaluator, oidOf }: Moving,
  other: { readonly tree: Tree; readonly history: FolderHistory },
): Promise<MovedSide | Omit<Stop, 'reason'>> {
  const { out } = project;
  const old = await readHistory(tree, out, { layout: 'folders', all: true });
  const journal = isJournal(old) ? old : undefined;
  if (journal !== undefined) {
    const [problem] = journal.journal.status === 'invalid' ? journal.journal.problems : [];
    if (problem !== undefined)
      return { entities: [journal.journalPath], detail: problem.message, answers: [] };
    const entries = journal.migrations.map((one) => one.journal);
    // What `pull` began has the other side's id.
    const [first] = hindrances(project, entries, await tree.entries(), false);
    if (first !== undefined)
      return {
        migration: first.tag,
        entities: [journal.journalPath],
        detail: `drizzle-kit up: ${first.text}\n${first.fix}`,
        answers: [],
      };
  }
  const begun = journal === undefined ? (old as FolderHistory) : inFolders(journal);
  const history = project.dialect === 'postgresql' ? withOwnId(begun, other.history) : begun;
  const snapshots = folderSnapshots(history);
  const up = snapshots === undefined ? undefined : await evaluator.up(project, snapshots);
  if (up?.status !== 'ok') {
    const [problem] = up?.problems ?? [];
    const { folder = out, message = 'a snapshot cannot be read' } = problem ?? {};
    return { migration: folder, entities: [out], detail: message, answers: [] };
  }
  const changes = new Map<RepoPath, Overlaid | undefined>();
  const gone = journal === undefined ? [] : filesOf(journal, [...(await tree.entries()).keys()]);
  for (const path of gone) changes.set(path, undefined);
  for (const migration of history.migrations) {
    const twin = other.history.migrations.find((one) => isSame(one, migration));
    const json = up.snapshots.find(({ folder }) => folder === migration.name)?.json;
    if (twin !== undefined) {
      for (const file of [twin.sql, twin.snapshot])
        if (file !== undefined)
          changes.set(file.path, { entry: file.entry, bytes: from(other.tree, file.path) });
      continue;
    }
    const { sql, sqlPath, snapshotPath } = migration;
    if (sql !== undefined) changes.set(sqlPath, { entry: sql.entry, bytes: from(tree, sql.path) });
    if (json === undefined) continue;
    const bytes = jsonBytes(json, undefined);
    changes.set(snapshotPath, { entry: { mode: '100644', oid: oidOf(bytes) }, bytes });
  }
  const after = overlayTree(tree, tree.name, changes);
  const now = await readHistory(after, out, { layout: 'folders' });
  if (!isFolders(now)) throw new TypeError(`${tree.name} has a journal still`);
  const tags = (journal?.migrations ?? []).map(
    ({ name, position }) => [history.migrations[position]?.name ?? name, name] as const,
  );
  return { tree: after, history: now, gone, tags: new Map(tags) };
}

export function isMoved(side: MovedSide | Omit<Stop, 'reason'>): side is MovedSide {
  return 'tree' in side;
}

/** Of one name, with the same SQL and the same snapshot by its id. */
function isSame(one: FolderMigration, other: FolderMigration): boolean {
  const [a, b] = [one.snapshot?.snapshot, other.snapshot?.snapshot];
  return (
    one.name === other.name &&
    one.sql?.entry.oid === other.sql?.entry.oid &&
    a?.status === 'ok' &&
    b?.status === 'ok' &&
    a.id === b.id
  );
}

function from(tree: Tree, path: RepoPath): () => Promise<Uint8Array> {
  return async () => (await readOne(tree, path)) ?? new Uint8Array();
}

/** All that `up` takes away: SQL that no entry names stays. */
function filesOf(journal: JournalHistory, paths: readonly RepoPath[]): readonly RepoPath[] {
  const meta = inOut(journal.out, 'meta/');
  return [
    ...new Set([
      journal.journalPath,
      ...everySnapshot(journal).map(({ path }) => path),
      ...journal.migrations.flatMap(({ sql }) => sql?.path ?? []),
      ...paths.filter((path) => path.startsWith(meta)),
    ]),
  ];
}

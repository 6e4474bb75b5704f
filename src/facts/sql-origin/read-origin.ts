import { lastChange } from '../../git/refs/last-change.ts';
import type { Repository } from '../../git/repository.ts';
import { commitTree } from '../../git/trees/commit-tree.ts';
import { readOne, type Tree } from '../../git/trees/tree.ts';
import {
  isFolders,
  type FolderHistory,
  type History,
  type Migration,
  type SnapshotFile,
} from '../../history/history.ts';
import { isNoParent, isPulled, ORIGIN_ID, parseSnapshot } from '../../history/snapshot.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { ProjectState } from '../change.ts';
import { folderSnapshots } from '../folder-snapshots.ts';
import { otherKitOf } from './other-kit.ts';
import { originOf, type ReadSnapshot, type SqlOrigin, type Unrecorded } from './origin.ts';

export interface ReadRequest {
  readonly tree: Tree;
  readonly after: Pick<ProjectState, 'project' | 'history' | 'snapshotVersion'>;
  readonly evaluator: Evaluator;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /** Nothing was before: the repository's first commit, or the first push of its history. */
  readonly isFirst: boolean;
  /** What is not generated of the SQL of the new migrations that were read before this one. */
  readonly earlier?: readonly string[];
  /**
   * Where a commit (full oid) is checked, which another drizzle-kit than the installed one may have
   * written. For what is only staged the installed one counts.
   */
  readonly history?: { readonly repository: Repository; readonly commit: string };
}

/** The snapshot that another was made from, and where it is in the history. */
export interface Parent {
  readonly read: ReadSnapshot | 'missing';
  readonly position: number;
}

/**
 * The origin of one migration's SQL; undefined where one of its files is missing.
 * @param parent undefined for the first migration
 */
export async function readOrigin(
  migration: Migration,
  { tree, after, evaluator, excusedAs, isFirst, earlier = [], history: recorded }: ReadRequest,
  parent: Parent | undefined,
): Promise<SqlOrigin | undefined> {
  const { project, history, snapshotVersion } = after;
  const snapshot = migration.snapshot?.snapshot;
  const sql = await sqlOf(migration, tree);
  if (snapshot === undefined || snapshot.status === 'unread' || sql === undefined) return undefined;
  const since = history.migrations.slice((parent?.position ?? -1) + 1, migration.position);
  const snapshots = isFolders(history) ? folderSnapshots(history) : undefined;
  return originOf({
    project,
    sql,
    snapshot,
    earlier,
    parent: parent?.read,
    ...(snapshots === undefined
      ? {}
      : { around: () => evaluator.around(project, snapshots, migration.name) }),
    snapshotVersion,
    evaluator,
    excusedAs,
    isFirst,
    // Where the snapshots are lifted its SQL counts too: two candidates write nearly the same.
    otherKit: async () =>
      recorded === undefined || (isFolders(history) && history.isLifted === true)
        ? undefined
        : otherKitOf(
            await treeThatAdded(migration, tree, recorded),
            project,
            recorded.repository,
            history.layout,
          ),
    unrecorded: () => unrecordedIn(since, tree),
  });
}

/** Of the combined result of several commits, or of a first push, another commit may have added it. */
async function treeThatAdded(
  { sqlPath }: Migration,
  tree: Tree,
  { repository, commit }: NonNullable<ReadRequest['history']>,
): Promise<Tree> {
  const added = await lastChange(repository, commit, sqlPath);
  return added === undefined || added === commit ? tree : commitTree(repository, added);
}

async function unrecordedIn(
  migrations: readonly Migration[],
  tree: Tree,
): Promise<readonly Unrecorded[]> {
  const unrecorded: Unrecorded[] = [];
  for (const one of migrations.filter(({ snapshot }) => snapshot === undefined)) {
    const { name, sqlPath, snapshotPath } = one;
    const sql = await sqlOf(one, tree);
    if (sql !== undefined) unrecorded.push({ tag: name, sqlPath, snapshotPath, sql });
  }
  return unrecorded;
}

export async function sqlOf({ sql }: Migration, tree: Tree): Promise<string | undefined> {
  const bytes = sql === undefined ? undefined : await readOne(tree, sql.path);
  return bytes === undefined
    ? undefined
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * The earlier snapshot that a snapshot names as its parent, and where it is in the history;
 * undefined for the first. The snapshot of a `drizzle-kit pull` has the root id itself.
 */
export async function parentOf(
  migration: Migration,
  history: History,
  tree: Tree,
): Promise<Parent | undefined> {
  const { position, snapshot: own } = migration;
  const { migrations } = history;
  if (own?.snapshot.status !== 'ok' || isPulled(own.snapshot)) return undefined;
  if (isFolders(history)) return parentInFolders(own.snapshot, history);
  const { prevId } = own.snapshot;
  for (const { snapshot, position: at } of migrations.slice(0, position).toReversed()) {
    if (snapshot === undefined) continue;
    const bytes =
      snapshot.snapshot.status === 'unread' ? await readOne(tree, snapshot.path) : undefined;
    const read = bytes === undefined ? snapshot.snapshot : parseSnapshot(bytes);
    if (read.status === 'ok' && read.id === prevId) return { read, position: at };
  }
  return prevId === ORIGIN_ID ? undefined : { read: 'missing', position: -1 };
}

/** The first of its parents, if all of them are there. */
function parentInFolders(
  { prevIds }: ReadSnapshot,
  { migrations }: FolderHistory,
): Parent | undefined {
  const parents = prevIds.flatMap((id) => {
    const parent = migrations.find(
      ({ snapshot: one }) => one?.snapshot.status === 'ok' && one.snapshot.id === id,
    );
    return parent === undefined && isNoParent(id) ? [] : [parent];
  });
  const [first] = parents;
  if (parents.length === 0) return undefined;
  return first?.snapshot?.snapshot.status === 'ok' && !parents.includes(undefined)
    ? { read: first.snapshot.snapshot, position: first.position }
    : { read: 'missing', position: -1 };
}

/** The same among the snapshots that were read already: one that a change edits is. */
export function parentIn(
  migrations: readonly Migration[],
  { position, snapshot: own }: Migration,
): (Parent & { readonly file: SnapshotFile }) | undefined {
  if (own?.snapshot.status !== 'ok') return undefined;
  const { prevId } = own.snapshot;
  for (const { snapshot: file, position: at } of migrations.slice(0, position).toReversed())
    if (file?.snapshot.status === 'ok' && file.snapshot.id === prevId)
      return { read: file.snapshot, position: at, file };
  return undefined;
}

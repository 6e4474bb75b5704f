import { lastChange } from '../../git/refs/last-change.ts';
import type { Repository } from '../../git/repository.ts';
import { commitTree } from '../../git/trees/commit-tree.ts';
import { readOne, sameEntry, type Tree } from '../../git/trees/tree.ts';
import type { Migration } from '../../history/history.ts';
import { isPulled, ORIGIN_ID, parseSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { ProjectState, StateBefore } from '../change.ts';
import {
  originOf,
  type OtherKit,
  type ReadSnapshot,
  type SqlOrigin,
  type Unrecorded,
} from './origin.ts';

export interface OriginsRequest {
  readonly tree: Tree;
  readonly after: Pick<ProjectState, 'project' | 'history' | 'snapshotVersion'>;
  readonly before: readonly StateBefore[];
  readonly evaluator: Evaluator;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /** Compare the SQL of the newest migration alone. */
  readonly newestOnly: boolean;
  /** Nothing was before: the repository's first commit, or the first push of its history. */
  readonly isFirst: boolean;
  /**
   * Where a commit (full oid) is checked, which another drizzle-kit than the installed one may have
   * written. For what is only staged the installed one counts.
   */
  readonly history?: { readonly repository: Repository; readonly commit: string };
}

/**
 * The origin of the SQL of each migration that is new in this change, by tag. Not of one that a
 * tree before has with the same files, and not of one with a missing or unreadable file, which
 * other rules report.
 */
export async function readSqlOrigins(
  request: OriginsRequest,
): Promise<ReadonlyMap<string, SqlOrigin>> {
  const { after, before } = request;
  const { migrations, sqlProblems } = after.history;
  const origins = new Map<string, SqlOrigin>();
  for (const migration of request.newestOnly ? migrations.slice(-1) : migrations) {
    if (
      !isNew(migration, before) ||
      isShared(migration, migrations) ||
      sqlProblems.has(migration.sqlPath)
    )
      continue;
    const origin = await readOrigin(migration, request);
    if (origin !== undefined) origins.set(migration.journal.tag, origin);
  }
  return origins;
}

function isNew(
  { journal: { tag }, sql, snapshot }: Migration,
  before: readonly StateBefore[],
): boolean {
  return !before.some(({ history }) =>
    history.migrations.some(
      (then) =>
        then.journal.tag === tag &&
        sameEntry(then.sql?.entry, sql?.entry) &&
        sameEntry(then.snapshot?.entry, snapshot?.entry),
    ),
  );
}

/**
 * With `prefix: 'none'` all migrations have one snapshot file, which each overwrites: nothing can
 * be compared.
 */
function isShared(
  { position, snapshotPath }: Migration,
  migrations: readonly Migration[],
): boolean {
  return migrations.some(
    (other) => other.position !== position && other.snapshotPath === snapshotPath,
  );
}

async function readOrigin(
  migration: Migration,
  { tree, after, evaluator, excusedAs, isFirst, history: recorded }: OriginsRequest,
): Promise<SqlOrigin | undefined> {
  const { project, history, snapshotVersion } = after;
  const snapshot = migration.snapshot?.snapshot;
  const sql = await sqlOf(migration, tree);
  if (snapshot?.status !== 'ok' || sql === undefined) return undefined;
  const parent = await parentOf(migration, snapshot, history.migrations, tree);
  const since = history.migrations.slice((parent?.position ?? -1) + 1, migration.position);
  return originOf({
    project,
    sql,
    snapshot,
    parent: parent?.read,
    snapshotVersion,
    evaluator,
    excusedAs,
    isFirst,
    otherKit: async () =>
      recorded === undefined
        ? undefined
        : otherKitOf(await treeThatAdded(migration, tree, recorded), project, recorded.repository),
    unrecorded: () => unrecordedIn(since, tree),
  });
}

/** Of the combined result of several commits, or of a first push, another commit may have added it. */
async function treeThatAdded(
  { sqlPath }: Migration,
  tree: Tree,
  { repository, commit }: NonNullable<OriginsRequest['history']>,
): Promise<Tree> {
  const added = await lastChange(repository, commit, sqlPath);
  return added === undefined || added === commit ? tree : commitTree(repository, added);
}

/**
 * The drizzle-kit that the tree's own files name, where it is of another minor version than the
 * installed one.
 */
async function otherKitOf(
  tree: Tree,
  project: Project,
  { topLevel }: Repository,
): Promise<OtherKit | undefined> {
  const [{ declaredKitVersion, minorOf }, { findKit }] = await Promise.all([
    import('../../project/scripts/declared-kit-version.ts'),
    import('../../schema/kit/find-kit.ts'),
  ]);
  const declared = await declaredKitVersion(tree, project.base);
  const { version: installed } = findKit(topLevel, project.base, '');
  return declared === undefined || minorOf(declared.version) === minorOf(installed)
    ? undefined
    : { path: declared.path, version: declared.version, installed };
}

async function unrecordedIn(
  migrations: readonly Migration[],
  tree: Tree,
): Promise<readonly Unrecorded[]> {
  const unrecorded: Unrecorded[] = [];
  for (const one of migrations.filter(({ snapshot }) => snapshot === undefined)) {
    const { journal, sqlPath, snapshotPath } = one;
    const sql = await sqlOf(one, tree);
    if (sql !== undefined) unrecorded.push({ tag: journal.tag, sqlPath, snapshotPath, sql });
  }
  return unrecorded;
}

async function sqlOf({ sql }: Migration, tree: Tree): Promise<string | undefined> {
  const bytes = sql === undefined ? undefined : await readOne(tree, sql.path);
  return bytes === undefined
    ? undefined
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * The earlier snapshot that a snapshot names as its parent, and where it is in the history;
 * undefined for the first. The snapshot of a `drizzle-kit pull` has the root id itself.
 */
async function parentOf(
  migration: Migration,
  { id, prevId }: ReadSnapshot,
  migrations: readonly Migration[],
  tree: Tree,
): Promise<{ readonly read: ReadSnapshot | 'missing'; readonly position: number } | undefined> {
  if (isPulled({ id, prevId })) return undefined;
  for (const { snapshot, position } of migrations.slice(0, migration.position).toReversed()) {
    if (snapshot === undefined) continue;
    const bytes =
      snapshot.snapshot.status === 'unread' ? await readOne(tree, snapshot.path) : undefined;
    const read = bytes === undefined ? snapshot.snapshot : parseSnapshot(bytes);
    if (read.status === 'ok' && read.id === prevId) return { read, position };
  }
  return prevId === ORIGIN_ID ? undefined : { read: 'missing', position: -1 };
}

import { lastChange } from '../../git/refs/last-change.ts';
import { parentsOf } from '../../git/refs/range.ts';
import { commitTree } from '../../git/trees/commit-tree.ts';
import { sameBytes } from '../../git/trees/tree.ts';
import {
  isFolders,
  isJournal,
  type History,
  type Migration,
  type SnapshotFile,
} from '../../history/history.ts';
import { migrationsNamed } from '../../history/named.ts';
import { readHistory } from '../../history/read.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { StateBefore } from '../change.ts';
import { lifted } from '../switch/lifted.ts';
import { excuse } from './exceptions-in-sql.ts';
import type { SqlOrigin } from './origin.ts';
import { isSameForm, isSameLine, keptSnapshots, lineOf } from './line.ts';
import { parentIn, parentOf, readOrigin, sqlOf, type ReadRequest } from './read-origin.ts';
import { inNewWords } from './words-of-0x.ts';

interface OriginsRequest extends ReadRequest {
  readonly before: readonly StateBefore[];
  /** Compare the SQL of the newest migration alone. */
  readonly newestOnly: boolean;
}

interface OriginRequest extends OriginsRequest {
  /** Earlier snapshots which, with all that they rest on, are the same now. */
  readonly kept: ReadonlySet<SnapshotFile>;
}

/**
 * The origin of the SQL of each migration that is new in this change, by tag, and of one that no
 * longer fits the snapshot before it, which the change edits. Not of one that a tree before has
 * with the same files, and not of one with a missing file or unreadable SQL, which other rules
 * report.
 */
export async function readSqlOrigins(
  request: OriginsRequest,
): Promise<ReadonlyMap<string, SqlOrigin>> {
  const { after, before } = request;
  const { migrations, sqlProblems } = after.history;
  const histories = before.map(({ history }) => history);
  const shared = sharedSnapshots(migrations);
  const kept = keptSnapshots(isFolders(after.history) ? histories : [], after.history);
  const origins = new Map<string, SqlOrigin>();
  const earlier: string[] = [];
  for (const migration of request.newestOnly ? migrations.slice(-1) : migrations) {
    if (sqlProblems.has(migration.sqlPath)) continue;
    const origin = shared.has(migration.snapshotPath)
      ? await readShared(migration, histories, { ...request, kept })
      : await readOwn(migration, histories, { ...request, kept, earlier });
    if (origin === undefined) continue;
    origins.set(migration.name, origin);
    if (origin.kind !== 'generated') earlier.push(origin.sql);
  }
  return origins;
}

/** Of a migration with a snapshot of its own. */
async function readOwn(
  migration: Migration,
  before: readonly History[],
  request: OriginRequest,
): Promise<SqlOrigin | undefined> {
  const { history: now } = request.after;
  if (isFolders(now)) return readInFolders(migration, before, request);
  const { migrations } = now;
  const known = before.flatMap((history) =>
    migrationsNamed(history, migration.name)
      .filter((then) => isSameMigration(then, migration))
      .map((then) => parentIn(history.migrations, then)),
  );
  if (known.length === 0)
    return readOrigin(migration, request, await parentOf(migration, now, request.tree));
  const parent = parentIn(migrations, migration);
  const [then, ...others] = known.flatMap((one) => one ?? []);
  if (parent === undefined || then === undefined) return undefined;
  if ([then, ...others].some(({ file }) => isSameForm(file, parent.file))) return undefined;
  const origin = await readOrigin(migration, request, parent);
  return withoutOld(origin, () => readOrigin(migration, request, then));
}

/**
 * Of one that is known, what the change made wrong: where it did not fit before, and drizzle-kit
 * generates the same now, the change is not why.
 */
async function withoutOld(
  origin: SqlOrigin | undefined,
  readEarlier: () => Promise<SqlOrigin | undefined>,
): Promise<SqlOrigin | undefined> {
  if (origin?.kind !== 'edited') return undefined;
  const earlier = await readEarlier();
  const isOld =
    earlier?.kind === 'edited' && earlier.expected.join('\n') === origin.expected.join('\n');
  return isOld ? undefined : origin;
}

/** Of the folder layout, where a snapshot may be written as what differs from all before it. */
async function readInFolders(
  migration: Migration,
  before: readonly History[],
  request: OriginRequest,
): Promise<SqlOrigin | undefined> {
  if (isMoved(migration, request.before)) return undefined;
  const { history: now } = request.after;
  const read = async (one: Migration, history: History): Promise<SqlOrigin | undefined> =>
    readOrigin(
      one,
      { ...request, after: { ...request.after, history } },
      await parentOf(one, history, request.tree),
    );
  const known = before.flatMap((history) =>
    migrationsNamed(history, migration.name)
      .filter((then) => isSameMigration(then, migration))
      .map((was) => ({ was, history })),
  );
  const [first] = known;
  if (first === undefined) {
    const origin = await read(migration, now);
    const isRight = origin?.kind === 'edited' && saysTheSame(origin, request);
    return isRight && (await wasMoved(migration, request)) ? undefined : origin;
  }
  if (known.some(({ was }) => was.snapshot && request.kept.has(was.snapshot))) return undefined;
  const line = lineOf(migration, now);
  if (known.some(({ was, history }) => isSameLine(line, lineOf(was, history)))) return undefined;
  return withoutOld(await read(migration, now), () => read(first.was, first.history));
}

/**
 * Whether `drizzle-kit up` moved it here out of a journal, with its SQL, which another drizzle-kit
 * wrote, and with what `up` makes of its snapshot.
 */
function isMoved(migration: Migration, before: readonly StateBefore[]): boolean {
  return before.some(
    ({ journal, history }) =>
      journal !== undefined &&
      migrationsNamed(history, migration.name).some((then) => isSameMigration(then, migration)),
  );
}

/**
 * Whether SQL says what 1.x generates, in the words of 0.31. No commit before answers for it: the one
 * that added it to the journal could not be verified with 1.x.
 */
function saysTheSame(
  { sql, expected }: Extract<SqlOrigin, { kind: 'edited' }>,
  { after: { project }, excusedAs }: OriginsRequest,
): boolean {
  const said = inNewWords(sql, expected, project);
  return excuse({ expected, sql: said }, project, excusedAs).unexcused.length === 0;
}

/**
 * The same of several commits as a whole, of which one added the migration to a journal, and a later
 * one moved it: the journal is in no tree before, but in a parent of the commit that added the folder.
 */
async function wasMoved(
  migration: Migration,
  { after, evaluator, history: recorded }: OriginsRequest,
): Promise<boolean> {
  if (recorded === undefined) return false;
  const { project, history: now } = after;
  const { repository, commit } = recorded;
  const added = await lastChange(repository, commit, migration.sqlPath);
  for (const parent of added === undefined ? [] : await parentsOf(repository, added)) {
    const tree = await commitTree(repository, parent);
    const history = await readHistory(tree, now.out, { all: true });
    const before = isJournal(history)
      ? [await lifted({ project, history }, now, project, evaluator)]
      : [];
    if (isMoved(migration, before)) return true;
  }
  return false;
}

/**
 * Of one whose snapshot file belongs to several entries: with `prefix: 'none'` each migration
 * overwrites the one `_snapshot.json`, which is that of the newest alone. drizzle-kit reads no
 * file that begins with `_` (`prepareOutFolder`), so each is generated from nothing.
 */
async function readShared(
  migration: Migration,
  before: readonly History[],
  request: OriginRequest,
): Promise<SqlOrigin | undefined> {
  const { tree, after, evaluator } = request;
  const owner = after.history.migrations.findLast(
    ({ snapshotPath }) => snapshotPath === migration.snapshotPath,
  );
  if (owner?.position === migration.position) return readOwn(migration, before, request);
  const earlier = before.flatMap(({ migrations }) => migrations);
  const isOld = earlier.some(
    (then) => then.name === migration.name && sameBytes(then.sql?.entry, migration.sql?.entry),
  );
  if (isOld || earlier.length === 0 || !evaluator.evaluates) return undefined;
  const sql = await sqlOf(migration, tree);
  const why =
    `${migration.snapshotPath} is that of ${owner?.name ?? 'another migration'}, and the ` +
    'form before it is lost';
  return sql === undefined ? undefined : { kind: 'unverifiable', sql, why };
}

/** Paths of snapshots that more than one entry has. */
function sharedSnapshots(migrations: readonly Migration[]): ReadonlySet<RepoPath> {
  const seen = new Set<RepoPath>();
  const shared = new Set<RepoPath>();
  for (const { snapshotPath } of migrations)
    (seen.has(snapshotPath) ? shared : seen).add(snapshotPath);
  return shared;
}

/** Of two with the same name. */
function isSameMigration(then: Migration, now: Migration): boolean {
  return sameBytes(then.sql?.entry, now.sql?.entry) && isSameForm(then.snapshot, now.snapshot);
}

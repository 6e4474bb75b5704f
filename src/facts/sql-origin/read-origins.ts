import { sameBytes } from '../../git/trees/tree.ts';
import type { History, Migration, SnapshotFile } from '../../history/history.ts';
import { isUpgrade, sameSnapshot } from '../../history/same-migration.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { StateBefore } from '../change.ts';
import type { SqlOrigin } from './origin.ts';
import { parentIn, parentOf, readOrigin, sqlOf, type ReadRequest } from './read-origin.ts';

interface OriginsRequest extends ReadRequest {
  readonly before: readonly StateBefore[];
  /** Compare the SQL of the newest migration alone. */
  readonly newestOnly: boolean;
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
  const origins = new Map<string, SqlOrigin>();
  for (const migration of request.newestOnly ? migrations.slice(-1) : migrations) {
    if (sqlProblems.has(migration.sqlPath)) continue;
    const origin = shared.has(migration.snapshotPath)
      ? await readShared(migration, histories, request)
      : await readOwn(migration, histories, request);
    if (origin !== undefined) origins.set(migration.name, origin);
  }
  return origins;
}

/** Of a migration with a snapshot of its own. */
async function readOwn(
  migration: Migration,
  before: readonly History[],
  request: OriginsRequest,
): Promise<SqlOrigin | undefined> {
  const { migrations } = request.after.history;
  const known = before.flatMap((history) =>
    history.migrations
      .filter((then) => isSameMigration(then, migration))
      .map((then) => parentIn(history.migrations, then)),
  );
  if (known.length === 0)
    return readOrigin(migration, request, await parentOf(migration, migrations, request.tree));
  const now = parentIn(migrations, migration);
  const [then, ...others] = known.flatMap((parent) => parent ?? []);
  if (now === undefined || then === undefined) return undefined;
  if ([then, ...others].some(({ file }) => isSameForm(file, now.file))) return undefined;
  const origin = await readOrigin(migration, request, now);
  if (origin?.kind !== 'edited') return undefined;
  // Where it did not fit before, and drizzle-kit generates the same now, the change is not why.
  const earlier = await readOrigin(migration, request, then);
  const isOld =
    earlier?.kind === 'edited' && earlier.expected.join('\n') === origin.expected.join('\n');
  return isOld ? undefined : origin;
}

/**
 * Of one whose snapshot file belongs to several entries: with `prefix: 'none'` each migration
 * overwrites the one `_snapshot.json`, which is that of the newest alone. drizzle-kit reads no
 * file that begins with `_` (`prepareOutFolder`), so each is generated from nothing.
 */
async function readShared(
  migration: Migration,
  before: readonly History[],
  request: OriginsRequest,
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

function isSameMigration(then: Migration, now: Migration): boolean {
  return (
    then.name === now.name &&
    sameBytes(then.sql?.entry, now.sql?.entry) &&
    isSameForm(then.snapshot, now.snapshot)
  );
}

function isSameForm(then: SnapshotFile | undefined, now: SnapshotFile | undefined): boolean {
  return sameSnapshot(then, now) || isUpgrade(then, now);
}

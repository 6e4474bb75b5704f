import type { Dialect } from '../model/dialect.ts';
import { isSameSql, Matches, stateOfApplied } from './match.ts';
import { repeated, unhashed } from './row-texts.ts';
import { millisOf, type AppliedRow } from './rows.ts';
import type { LocalMigration, MigrationStatus, Verdict } from './verdict.ts';

/**
 * What the migrator of drizzle-orm 0.x does with a database. It takes the newest row and applies
 * every journal entry whose `when` is greater (`migrate` in src/<dialect>-core/dialect.ts); without
 * any row it applies all. Of all other rows, and of every hash, it takes no notice.
 * @param migrations in the order of the journal
 */
export function journalVerdict(
  migrations: readonly LocalMigration[],
  rows: readonly AppliedRow[],
  dialect: Dialect,
): Verdict {
  const newest = newestOf(rows, dialect);
  const last = newest === undefined ? undefined : millisOf(newest);
  const matches = new Matches(rows);
  // Of several with one `when`, the SQL says which row is whose.
  matches.giveFirst(migrations, (row, one) => ofSameTime(row, one) && isSameSql(one, row));
  matches.giveFirst(migrations, ofSameTime);
  giveRepeats(migrations, matches);
  matches.giveFirst(migrations, (row, one) => isSameSql(one, row));
  const withoutSql = migrations.filter(({ sql }) => sql === undefined);
  return {
    migrations: migrations.map((one) => statusOf(one, matches.of(one), last)),
    unknown: matches.free,
    ...(withoutSql.length === 0
      ? {}
      : { throws: `${withoutSql.map(({ name }) => `${name}.sql`).join(', ')} is not there` }),
  };
}

function ofSameTime(row: AppliedRow, { when }: LocalMigration): boolean {
  return row.createdAt !== null && millisOf(row) === when;
}

/** Two migrators at once leave the same row twice. */
function giveRepeats(migrations: readonly LocalMigration[], matches: Matches): void {
  for (const migration of migrations) {
    const [first] = matches.of(migration);
    if (first === undefined) continue;
    for (const row of matches.free)
      if (row.createdAt === first.createdAt && row.hash === first.hash)
        matches.give(row, migration);
  }
}

/** @param last `created_at` of the newest row; undefined without rows */
function statusOf(
  migration: LocalMigration,
  rows: readonly AppliedRow[],
  last: number | undefined,
): MigrationStatus {
  const { name, when } = migration;
  const runs = last === undefined || last < when;
  const [row] = rows;
  if (row === undefined)
    return runs
      ? { name, state: 'pending', rows }
      : { name, state: 'skipped', rows, why: notAbove(when, last) };
  const restamped = millisOf(row) !== when || row.createdAt === null;
  const under = restamped
    ? row.createdAt === null
      ? 'it was applied without a `created_at`'
      : `it was applied as ${row.createdAt}, and its \`when\` is ${when} now`
    : undefined;
  if (runs)
    return {
      name,
      state: 'runs-again',
      rows,
      why: under ?? 'the newest row has no `created_at`, which counts as 0',
    };
  const why = [under, unhashed(row), repeated(rows)].filter((text) => text !== undefined);
  return {
    name,
    state: stateOfApplied(migration, row),
    rows,
    ...(why.length === 0 ? {} : { why: why.join('; ') }),
  };
}

function notAbove(when: number, last: number | undefined): string {
  return Number.isNaN(last)
    ? 'the newest row has a `created_at` that is no number, so that nothing is applied any more'
    : `its \`when\` (${when}) is not above the newest applied (${last})`;
}

/**
 * The first row of `ORDER BY created_at DESC`. In PostgreSQL a NULL comes first, elsewhere last; a
 * text that is no number comes before all numbers in SQLite, the only one that has any.
 */
function newestOf(rows: readonly AppliedRow[], dialect: Dialect): AppliedRow | undefined {
  const rank = (row: AppliedRow): number => {
    if (row.createdAt === null) return dialect === 'postgresql' ? Infinity : -Infinity;
    const millis = millisOf(row);
    return Number.isNaN(millis) ? Number.MAX_VALUE : millis;
  };
  return rows.reduce<AppliedRow | undefined>(
    (newest, row) => (newest === undefined || rank(row) > rank(newest) ? row : newest),
    undefined,
  );
}

import type { Dialect } from '../model/dialect.ts';
import { isSameSql, Matches, stateOfApplied } from './match.ts';
import { isHash, type AppliedRow, type AppliedRows } from './rows.ts';
import { repeated, unhashed } from './row-texts.ts';
import { upgradeRows } from './upgrade.ts';
import type { LocalMigration, MigrationStatus, Verdict } from './verdict.ts';

/**
 * What the migrator of drizzle-orm 1.x does with a database. It applies every folder with a
 * `migration.sql` whose name is in no row (`getMigrationsToRun`). A hash is stored, and never
 * compared. A table of 0.x gets its names first, or the migrator throws: see `upgradeRows`.
 * @param options.hasJournal there is a `meta/_journal.json` too: the migrator then throws
 */
export function foldersVerdict(
  migrations: readonly LocalMigration[],
  { rows, named }: AppliedRows,
  { dialect, hasJournal }: { readonly dialect: Dialect; readonly hasJournal: boolean },
): Verdict {
  const seen = migrations.filter(({ sql }) => sql !== undefined);
  const upgraded = named ? { rows, unmatched: [] } : upgradeRows(seen, rows);
  const names = new Set(upgraded.rows.map(({ name }) => name));
  const matches = new Matches(upgraded.rows);
  for (const migration of migrations)
    for (const row of matches.free.filter(({ name }) => name === migration.name))
      if (named || !isMistaken(migration, row)) matches.give(row, migration);
  const isFree = (row: AppliedRow, migration: LocalMigration): boolean =>
    !names.has(migration.name) && isFormer(row, migration);
  matches.giveFirst(migrations, isFree);
  const statuses = migrations.map((one) => statusOf(one, matches.of(one), names.has(one.name)));
  const throws = hasJournal
    ? 'there is a `meta/_journal.json` beside the folders'
    : (whyUnmatched(upgraded.unmatched) ?? whyUnstamped(seen, names, dialect));
  return {
    migrations: statuses,
    unknown: matches.free,
    ...(throws === undefined ? {} : { throws }),
  };
}

/** Two empty hashes are equal, and so a row of nobody got the name of the last bundled migration. */
function isMistaken({ when }: LocalMigration, { hash, createdAt }: AppliedRow): boolean {
  return hash === '' && Math.floor(Number(createdAt) / 1000) * 1000 !== when;
}

/** Whether a row is that of a migration under the name that it had, or of one without a name. */
function isFormer(row: AppliedRow, migration: LocalMigration): boolean {
  if (isSameSql(migration, row)) return true;
  const { name = null, createdAt } = row;
  if (name === null)
    return createdAt !== null && Math.floor(Number(createdAt) / 1000) * 1000 === migration.when;
  const stamp = /^\d{14}(?=_)/.exec(name)?.[0];
  return !isHash(row.hash) && stamp !== undefined && migration.name.startsWith(`${stamp}_`);
}

function statusOf(
  migration: LocalMigration,
  rows: readonly AppliedRow[],
  hasName: boolean,
): MigrationStatus {
  const { name, sql } = migration;
  const [row] = rows;
  if (row === undefined) {
    if (hasName)
      return { name, state: 'skipped', rows, why: 'the table gives it the row of another one' };
    return sql === undefined
      ? { name, state: 'skipped', rows, why: 'it has no migration.sql' }
      : { name, state: 'pending', rows };
  }
  if (!hasName) {
    const why =
      (row.name ?? null) === null
        ? 'its row has no name: the migrator of drizzle-orm 0.x made it'
        : `it was applied as ${row.name}`;
    return sql === undefined
      ? { name, state: 'skipped', rows, why: 'it has no migration.sql' }
      : { name, state: 'runs-again', rows, why };
  }
  const why = [
    sql === undefined ? 'its migration.sql is gone' : unhashed(row),
    repeated(rows),
  ].filter((text) => text !== undefined);
  return {
    name,
    state: stateOfApplied(migration, row),
    rows,
    ...(why.length === 0 ? {} : { why: why.join('; ') }),
  };
}

function whyUnmatched(rows: readonly AppliedRow[]): string | undefined {
  if (rows.length === 0) return undefined;
  const times = rows.map(({ createdAt }) => createdAt ?? 'NULL').join(', ');
  return (
    `the table is one of drizzle-orm 0.x, and ${rows.length} of its rows ` +
    `(created_at ${times}) ${rows.length === 1 ? 'is' : 'are'} of no migration by second or by hash`
  );
}

/** The migrator hands NaN to the driver, which only better-sqlite3 takes: for NULL. */
function whyUnstamped(
  migrations: readonly LocalMigration[],
  names: ReadonlySet<string | null | undefined>,
  dialect: Dialect,
): string | undefined {
  const unstamped = migrations.find(({ name, when }) => Number.isNaN(when) && !names.has(name));
  if (unstamped === undefined) return undefined;
  const but = dialect === 'sqlite' ? ' (with libsql; better-sqlite3 stores NULL)' : '';
  return `${unstamped.name} does not begin with 14 digits, so that its \`created_at\` is no number${but}`;
}

import { millisOf, type AppliedRow } from './rows.ts';
import type { LocalMigration } from './verdict.ts';

/** The table of 0.x after the migrator of 1.x has added the column `name` to it. */
export interface Upgraded {
  /** The rows with the names that they get. */
  readonly rows: readonly AppliedRow[];
  /** Rows for which no migration was found: the migrator throws if there are any. */
  readonly unmatched: readonly AppliedRow[];
}

/**
 * What the migrator of drizzle-orm 1.x makes of a table without names (`upToV1` in
 * src/up-migrations): each row is matched by the second of its `created_at`; by its hash where a
 * second has two migrations or none. Then the names are written: by `id`; in SQLite, where a table
 * of 0.x has none, by `created_at` or `hash`, so that one row can overwrite the name of another.
 * @param migrations those with a SQL file @param rows in the order of `id`
 */
export function upgradeRows(
  migrations: readonly LocalMigration[],
  rows: readonly AppliedRow[],
): Upgraded {
  const sorted = migrations.toSorted((a, b) =>
    a.when === b.when ? a.name.localeCompare(b.name) : a.when - b.when,
  );
  const bySecond = new Map<number, LocalMigration[]>();
  for (const one of sorted) bySecond.set(one.when, [...(bySecond.get(one.when) ?? []), one]);
  const byHash = new Map(sorted.map((one) => [one.sql?.hash, one]));
  const names = new Map<AppliedRow, string>();
  const found: Found[] = [];
  const unmatched: AppliedRow[] = [];
  for (const row of rows) {
    const text = String(row.createdAt);
    const second = bySecond.get(Number(`${text.substring(0, text.length - 3)}000`)) ?? [];
    const [only, ...more] = second;
    const to =
      only === undefined
        ? byHash.get(row.hash)
        : more.length === 0
          ? only
          : second.find(({ sql }) => row.hash !== '' && sql?.hash === row.hash);
    if (to === undefined) unmatched.push(row);
    else
      found.push({ row, name: to.name, by: only === to && more.length === 0 ? 'second' : 'hash' });
  }
  for (const one of found)
    for (const row of rows) if (isWritten(row, one)) names.set(row, one.name);
  return {
    rows: rows.map((row) => ({ ...row, name: names.get(row) ?? null })),
    unmatched,
  };
}

interface Found {
  readonly row: AppliedRow;
  readonly name: string;
  readonly by: 'second' | 'hash';
}

/** Whether the UPDATE for one row changes another, or the row itself. */
function isWritten(other: AppliedRow, { row, by }: Found): boolean {
  if (row.id !== null && row.id !== '0') return other.id === row.id;
  if (by === 'hash') return other.hash === row.hash;
  if (other.createdAt === null) return false;
  return other.createdAt === row.createdAt || millisOf(other) === millisOf(row);
}

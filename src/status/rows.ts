/**
 * One row of the migrations table, as the database has it. The migrator of drizzle-orm makes one for
 * each migration that it ran.
 */
export interface AppliedRow {
  /** NULL in a SQLite table of drizzle-orm 0.x, where `SERIAL` numbers nothing. */
  readonly id: string | null;
  /** SHA-256 of the SQL file, 64 hex digits; '' where migrations are bundled; by hand anything. */
  readonly hash: string;
  /** Milliseconds since 1970 as text; SQLite takes any other text too. */
  readonly createdAt: string | null;
  /** The folder's name. Missing where the table has no such column, as drizzle-orm 0.x makes it. */
  readonly name?: string | null;
}

/** The migrations table of a database. */
export interface AppliedRows {
  readonly rows: readonly AppliedRow[];
  /** Whether the table has the column `name`: the migrator of drizzle-orm 1.x adds it. */
  readonly named: boolean;
  /** There is no such table. */
  readonly isMissing?: true;
}

/** The table of a database that no migrator has seen yet. */
export const NOTHING_APPLIED: AppliedRows = { rows: [], named: true, isMissing: true };

/** Whether drizzle-orm wrote a hash, and did not only leave it empty: other texts are from people. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** As the migrators read `created_at`: NULL is 0, and a text that is no number is NaN. */
export function millisOf({ createdAt }: AppliedRow): number {
  return Number(createdAt);
}

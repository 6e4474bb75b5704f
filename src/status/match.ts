import { isHash, type AppliedRow } from './rows.ts';
import type { LocalMigration, MigrationState } from './verdict.ts';

type Likeness = 'same' | 'other-line-endings' | 'other' | 'not-known';

/**
 * How the SQL of a migration compares with the hash of a row: `not-known` where the row has no hash
 * of drizzle-orm's, or the migration no SQL file.
 */
function likenessOf({ sql }: LocalMigration, { hash }: AppliedRow): Likeness {
  if (sql === undefined || !isHash(hash)) return 'not-known';
  if (sql.hash === hash) return 'same';
  return sql.otherLineEndings.includes(hash) ? 'other-line-endings' : 'other';
}

/** Whether a row says that this very SQL ran, whatever its line endings. */
export function isSameSql(migration: LocalMigration, row: AppliedRow): boolean {
  const likeness = likenessOf(migration, row);
  return likeness === 'same' || likeness === 'other-line-endings';
}

/** The state of a migration that ran, and that will not run again. */
export function stateOfApplied(migration: LocalMigration, row: AppliedRow): MigrationState {
  const STATES = {
    same: 'applied',
    'other-line-endings': 'applied-other-line-endings',
    other: 'edited',
    'not-known': 'applied',
  } as const satisfies Record<Likeness, MigrationState>;
  return STATES[likenessOf(migration, row)];
}

/** Gives each row to at most one migration. */
export class Matches {
  readonly #of = new Map<LocalMigration, AppliedRow[]>();
  readonly #free: Set<AppliedRow>;

  constructor(rows: readonly AppliedRow[]) {
    this.#free = new Set(rows);
  }

  /** The rows that no migration has, in the order of the table. */
  get free(): readonly AppliedRow[] {
    return [...this.#free];
  }

  of(migration: LocalMigration): readonly AppliedRow[] {
    return this.#of.get(migration) ?? [];
  }

  give(row: AppliedRow, to: LocalMigration): void {
    this.#free.delete(row);
    this.#of.set(to, [...this.of(to), row]);
  }

  /** Gives each migration that has no row yet the first free one that belongs to it. */
  giveFirst(
    migrations: readonly LocalMigration[],
    belongs: (row: AppliedRow, migration: LocalMigration) => boolean,
  ): void {
    for (const migration of migrations) {
      if (this.of(migration).length > 0) continue;
      const row = this.free.find((one) => belongs(one, migration));
      if (row !== undefined) this.give(row, migration);
    }
  }
}

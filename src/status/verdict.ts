import type { SqlHashes } from './content.ts';
import type { AppliedRow } from './rows.ts';

/** What a database has of a migration, and what the next run of the migrator makes of it. */
export type MigrationState =
  /** It ran, and its SQL is what ran. */
  | 'applied'
  /** The same, but for line endings. */
  | 'applied-other-line-endings'
  /** It ran, and its SQL is another now: the database has what it was. */
  | 'edited'
  /** The next run applies it. */
  | 'pending'
  /** No run will ever apply it. */
  | 'skipped'
  /** It ran, and the next run applies it again. */
  | 'runs-again';

/** A migration of the history, as the migrator reads it. */
export interface LocalMigration {
  readonly name: string;
  /** Milliseconds since 1970: `when` of the journal, or what the migrator makes of the folder's name. */
  readonly when: number;
  /** Missing where there is no SQL file. */
  readonly sql?: SqlHashes;
}

/** What became of one migration. */
export interface MigrationStatus {
  readonly name: string;
  readonly state: MigrationState;
  /** Its rows in the table, the first of them the one that was compared. */
  readonly rows: readonly AppliedRow[];
  /** Why, where the state alone does not say it; a clause without a full stop. */
  readonly why?: string;
}

/** A database beside a history. */
export interface Verdict {
  /** In the order of the history. */
  readonly migrations: readonly MigrationStatus[];
  /** Rows of no migration of this history. */
  readonly unknown: readonly AppliedRow[];
  /** Why the next run of the migrator throws before it applies anything; a clause. */
  readonly throws?: string;
}

/** What there is to do: nothing, apply what is pending, or look. */
export function isInStep({ migrations, unknown, throws }: Verdict): boolean {
  return (
    throws === undefined &&
    unknown.length === 0 &&
    migrations.every(({ state }) => !WRONG.has(state))
  );
}

const WRONG: ReadonlySet<MigrationState> = new Set(['edited', 'skipped', 'runs-again']);

/** A database in memory, that migrations are run on. */
export interface Database {
  /** Empties it, and runs migrations in order, piece by piece as a migrator does. */
  readonly run: (migrations: readonly string[]) => Promise<void>;
  /** Runs more of them. */
  readonly runMore: (migrations: readonly string[]) => Promise<void>;
  /** Gives each table a row. */
  readonly fill: () => Promise<void>;
  /** Tables with their columns and types, indexes, constraints and the values of enums; sorted. */
  readonly schema: () => Promise<readonly string[]>;
  /** By column: how many rows have a value. */
  readonly values: () => Promise<Readonly<Record<string, number>>>;
  readonly close: () => Promise<void>;
}

/** The drivers that the guard can ask, by the names of their packages. */
export type Driver =
  | 'pg'
  | 'postgres'
  | '@neondatabase/serverless'
  | '@electric-sql/pglite'
  | 'mysql2'
  | 'better-sqlite3'
  | 'libsql'
  | '@libsql/client'
  | 'node:sqlite';

/** What the child process is to read. It comes by a channel that nobody else sees. */
export interface Question {
  readonly driver: Driver;
  /** Absolute path of a file in the folder that the driver is looked for from. */
  readonly from: string;
  /** With its password; of a file or folder the absolute path. */
  readonly url: string;
  readonly select: string;
  /** Asked only where the table is not there: the names of tables that look like it. */
  readonly elsewhere?: string;
  /** Milliseconds. */
  readonly timeLimit: number;
}

/** Values of cells are texts, as the database writes them; null for NULL. */
export interface Answered {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export type Answer =
  | ({ readonly status: 'rows' } & Answered)
  /** There is no such table; `elsewhere` names those that look like it. */
  | { readonly status: 'no-table'; readonly elsewhere: readonly string[] }
  | {
      readonly status: 'failed';
      readonly message: string;
      /** Missing: the driver itself was loaded. */
      readonly loads?: false;
    };

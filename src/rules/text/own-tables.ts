import type { Review } from '../../facts/review/review.ts';
import { bareName, engineOf } from './safe-sql.ts';

const CATALOGS = {
  postgresql: /^(?:pg_catalog\.)?pg_\w+$|^information_schema\./i,
  mysql: /^(?:mysql|sys|performance_schema|information_schema)\./i,
  sqlite: /^sqlite_(?:schema|master)$/i,
  mssql: /^sys\./i,
} as const;

/** Whether a table is one in which a database keeps what it knows of tables, types and users. */
export function isCatalog(review: Review, table: string): boolean {
  return CATALOGS[engineOf(review)].test(table) && !review.before.tables.has(table);
}

/** SQLite's counters and statistics: it makes them again from the rows. */
export function isMadeBySqlite(review: Review, table: string): boolean {
  return engineOf(review) === 'sqlite' && /^sqlite_(?:sequence|stat\d)$/i.test(table);
}

/** What it means that a migrator's table loses its rows; '' of any other table. */
export function ifForgotten(table: string): string {
  return /^(?:__drizzle_migrations|d1_migrations)$/.test(bareName(table))
    ? ': the next run of the migrator starts again with the first migration'
    : '';
}

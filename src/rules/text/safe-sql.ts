import type { Dialect } from '../../model/dialect.ts';
import type { Fix } from '../../model/finding.ts';
import type { ProjectState } from '../../facts/change.ts';

/** What runs the SQL, as far as its words differ. */
export type Engine = 'postgresql' | 'mysql' | 'sqlite' | 'mssql';

const ENGINES = {
  postgresql: 'postgresql',
  cockroach: 'postgresql',
  gel: 'postgresql',
  mysql: 'mysql',
  singlestore: 'mysql',
  sqlite: 'sqlite',
  turso: 'sqlite',
  mssql: 'mssql',
} as const satisfies Record<Dialect, Engine>;

export function engineOf({ dialect }: { readonly dialect: Dialect }): Engine {
  return ENGINES[dialect];
}

/** Quotes names as drizzle-kit does: "auth"."users", `users`, [users]. */
export function quoting(dialect: Dialect): (name: string) => string {
  const engine = ENGINES[dialect];
  const [open, close] =
    engine === 'mssql' ? ['[', ']'] : engine === 'postgresql' ? ['"', '"'] : ['`', '`'];
  const hasSchemas = engine === 'postgresql' || engine === 'mssql';
  return (name) =>
    (hasSchemas ? name.split('.') : [name])
      .map((part) => `${open}${part.replaceAll(close, close + close)}${close}`)
      .join('.');
}

/** SQL that drizzle-kit does not generate, in a migration of its own. */
export function inCustom(
  text: string,
  { how }: Pick<ProjectState, 'how'>,
  sql: readonly string[],
): Fix {
  return { text, run: how.generateCustom, sql: sql.join('\n') };
}

/** A name for what is made by hand, of the length that every database takes. */
export function madeName(...parts: readonly string[]): string {
  return parts.join('_').replaceAll('.', '_').slice(0, 60);
}

/** Makes a table of what a query of another one gives. */
export function copyOf(
  { dialect }: { readonly dialect: Dialect },
  table: string,
  kept: string,
  columns: readonly string[] = [],
): string {
  const q = quoting(dialect);
  const list = columns.length === 0 ? '*' : columns.map(q).join(', ');
  return dialect === 'mssql'
    ? `SELECT ${list} INTO ${q(kept)} FROM ${q(table)};`
    : `CREATE TABLE ${q(kept)} AS SELECT ${list} FROM ${q(table)};`;
}

/** @param to without its schema */
export function renameTable(
  { dialect }: { readonly dialect: Dialect },
  table: string,
  to: string,
): string {
  const q = quoting(dialect);
  return dialect === 'mssql'
    ? `EXEC sp_rename '${table}', '${to}';`
    : `ALTER TABLE ${q(table)} RENAME TO ${q(to)};`;
}

export function renameColumn(
  { dialect }: { readonly dialect: Dialect },
  table: string,
  column: string,
  to: string,
): string {
  const q = quoting(dialect);
  return dialect === 'mssql'
    ? `EXEC sp_rename '${table}.${column}', '${to}', 'COLUMN';`
    : `ALTER TABLE ${q(table)} RENAME COLUMN ${q(column)} TO ${q(to)};`;
}

/** A table's name without its schema. */
export function bareName(table: string): string {
  return table.slice(table.lastIndexOf('.') + 1);
}

/** The comment that excuses the statement below it. */
export function allowed(rule: string, reason: string): string {
  return `-- guard-allow ${rule}: ${reason}`;
}

import type { Dialect } from '../model/dialect.ts';
import { shellWord } from '../model/shell-quote.ts';
import type { Project } from '../project/project.ts';

/** Where a migrator keeps what it applied. */
export interface MigrationsTable {
  /** Only where the dialect's migrator has one: a table of MySQL and SQLite has none. */
  readonly schema?: string;
  readonly table: string;
}

type Migrated = Pick<Project, 'dialect' | 'driver' | 'migrationsTable' | 'migrationsSchema'>;

const WITH_SCHEMA: ReadonlySet<Dialect> = new Set(['postgresql', 'cockroach', 'mssql']);

/** Whether the migrations are part of the program that applies them, which then has no hash. */
export function isBundled({ driver }: Pick<Project, 'driver'>): boolean {
  return driver === 'expo' || driver === 'durable-sqlite';
}

/**
 * The table that `drizzle-kit migrate` uses: as the config has it, else drizzle-orm's default. The
 * migrators of bundled migrations know no other (drizzle-orm: src/durable-sqlite/migrator.ts).
 */
export function migrationsTableOf(project: Migrated): MigrationsTable {
  const { dialect, migrationsTable, migrationsSchema = 'drizzle' } = project;
  return {
    table: isBundled(project) ? DEFAULT_TABLE : (migrationsTable ?? DEFAULT_TABLE),
    ...(WITH_SCHEMA.has(dialect) ? { schema: migrationsSchema } : {}),
  };
}

const DEFAULT_TABLE = '__drizzle_migrations';

/** The one statement that reads the table; 0.x and 1.x have other columns. */
export function selectAll(project: Migrated): string {
  return `select * from ${tableName(project)}`;
}

/**
 * For a database without the table: which tables look like it, in other schemas or by other names.
 * The program may hand its migrator other names than the config has.
 */
export function selectAlike({ dialect }: Pick<Migrated, 'dialect'>): string {
  if (dialect === 'sqlite' || dialect === 'turso')
    return (
      "select m.name from sqlite_master m, pragma_table_info(m.name) c where m.name like '%migration%' " +
      "and c.name in ('hash', 'created_at') group by m.name having count(*) = 2"
    );
  const [name, where] =
    dialect === 'mysql' || dialect === 'singlestore'
      ? ['table_name', ' and table_schema = database()']
      : ["table_schema || '.' || table_name", ''];
  return (
    `select ${name} as name from information_schema.columns where table_name like '%migration%'${where} ` +
    "and column_name in ('hash', 'created_at') group by table_schema, table_name having count(*) = 2"
  );
}

/** The table as SQL names it. */
export function tableName(project: Migrated): string {
  const { schema, table } = migrationsTableOf(project);
  return [schema, table]
    .flatMap((one) => (one === undefined ? [] : quoted(one, project.dialect)))
    .join('.');
}

function quoted(name: string, dialect: Dialect): string {
  if (name === DEFAULT_TABLE || name === 'drizzle') return name;
  if (dialect === 'mssql') return `[${name.replaceAll(']', ']]')}]`;
  return dialect === 'mysql' || dialect === 'singlestore'
    ? `\`${name.replaceAll('`', '``')}\``
    : `"${name.replaceAll('"', '""')}"`;
}

/**
 * How a person gets the rows of the table, with the shell of their database.
 * @param more options behind `status`, to name the project
 * @returns commands that can be pasted, and what else is to be known, a line each
 */
export function howToGetRows(project: Migrated, more: readonly string[]): readonly string[] {
  const { dialect, driver } = project;
  const sql = selectAll(project);
  const guard = ['npx drizzle-guard status', ...more.map(shellWord)].join(' ');
  if (driver === 'durable-sqlite')
    return [
      `Save the rows as JSON: ctx.storage.sql.exec(${JSON.stringify(sql)}).toArray()`,
      `${guard} --rows rows.json`,
    ];
  const shell =
    driver === 'd1-http'
      ? `npx wrangler d1 execute <database> --remote --json --command ${shellWord(sql)}`
      : driver === 'pglite'
        ? undefined
        : SHELLS[dialect]?.(sql);
  const url = driver === 'pglite' ? './<folder>' : URLS[dialect];
  return [
    ...(shell === undefined ? [] : [`${shell} | ${guard} --rows -`]),
    ...(url === undefined || isBundled(project) || driver === 'd1-http'
      ? []
      : [`GUARD_STATUS_URL="${url}" ${guard}`]),
  ];
}

const URLS: Partial<Record<Dialect, string>> = {
  postgresql: '$DATABASE_URL',
  cockroach: '$DATABASE_URL',
  mysql: '$DATABASE_URL',
  singlestore: '$DATABASE_URL',
  sqlite: './<file>.db',
  turso: '$DATABASE_URL',
};

const SHELLS: Partial<Record<Dialect, (sql: string) => string>> = {
  postgresql: (sql) => `psql -X --csv -c ${shellWord(sql)} "$DATABASE_URL"`,
  cockroach: (sql) => `cockroach sql --url "$DATABASE_URL" --format csv -e ${shellWord(sql)}`,
  mysql: (sql) => `mysql --batch -e ${shellWord(sql)} <database>`,
  singlestore: (sql) => `mysql --batch -e ${shellWord(sql)} <database>`,
  sqlite: (sql) => `sqlite3 -readonly -csv -header <file>.db ${shellWord(sql)}`,
  mssql: (sql) => `sqlcmd -W -s , -Q ${shellWord(`set nocount on; ${sql}`)}`,
};

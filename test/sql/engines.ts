import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { createClient } from '@libsql/client';
import { drizzle as onLibsql } from 'drizzle-orm/libsql';
import { migrate as migrateLibsql } from 'drizzle-orm/libsql/migrator';
import type { MigrationConfig } from 'drizzle-orm/migrator';
import { drizzle as onNodePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migrateNodePostgres } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as onPglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import type { Target } from '../../src/sql/drivers.ts';
import { scratch, writeFiles } from '../support/drizzle-project.ts';

/** What is in a database that was empty. */
export interface Ran {
  /** Of what could not be run; nothing is left of it then. */
  readonly error?: string;
  /** `a(x,y)` for a table, the name for all else; sorted. */
  readonly schema: readonly string[];
}

/** A driver, with drizzle-orm's own migrator on it. */
export interface Engine {
  readonly name: string;
  readonly target: Target;
  /** It runs the first statement of a piece alone, and says nothing of the others. */
  readonly firstAlone: boolean;
  /** Lets the migrator run a migration with this SQL. */
  readonly migrate: (sql: string) => Promise<Ran>;
  /** Runs each statement for itself. */
  readonly runEach: (statements: readonly string[]) => Promise<Ran>;
  readonly close: () => Promise<void>;
}

/** The migrations folder of one migration; always the same one, with the last SQL. */
async function folderOf(dir: string, sql: string): Promise<string> {
  const entries = [{ idx: 0, version: '6', when: 1, tag: '0000_a', breakpoints: true }];
  const journal = JSON.stringify({ version: '7', dialect: 'sqlite', entries });
  await writeFiles(dir, { '0000_a.sql': sql, 'meta/_journal.json': journal });
  return dir;
}

async function errorOf(run: () => Promise<unknown>): Promise<Pick<Ran, 'error'>> {
  try {
    await run();
    return {};
  } catch (error) {
    let last = error;
    while (last instanceof Error && last.cause instanceof Error) last = last.cause;
    return { error: last instanceof Error ? last.message : String(last) };
  }
}

/** Each time a database in memory. */
export async function libsql(): Promise<Engine> {
  const dir = await scratch('drizzle-guard-libsql-');
  type Client = ReturnType<typeof createClient>;
  const inNew = async (run: (client: Client) => Promise<unknown>): Promise<Ran> => {
    const client = createClient({ url: ':memory:' });
    const error = await errorOf(() => run(client));
    const { rows } = await client.execute(SQLITE_SCHEMA);
    client.close();
    return { ...error, schema: rows.map(({ what }) => String(what)) };
  };
  return {
    name: 'libsql',
    target: { dialect: 'turso', breakpoints: true },
    firstAlone: true,
    migrate: (sql) =>
      inNew(async (client) =>
        migrateLibsql(onLibsql(client), { migrationsFolder: await folderOf(dir, sql) }),
      ),
    runEach: (statements) =>
      inNew(async (client) => {
        for (const statement of statements) await client.execute(statement);
      }),
    close: async () => undefined,
  };
}

/** Tables with their columns, and triggers; not the migrator's own. */
const SQLITE_SCHEMA = `select iif(type = 'table', name || '(' || (select group_concat(name) from pragma_table_info(m.name)) || ')', name) what
  from sqlite_master m where name not glob 'sqlite_*' and name not glob '__drizzle*' order by what`;

/** Likewise, with functions. */
const POSTGRESQL_SCHEMA = `select table_name || '(' || string_agg(column_name, ',' order by ordinal_position) || ')' what
  from information_schema.columns where table_schema = current_schema() group by table_name
  union select proname from pg_proc where pronamespace = current_schema()::regnamespace order by what`;

/** PGlite by its own driver, which drizzle-kit's `driver: 'pglite'` names, and by node-postgres. */
export async function postgresql(): Promise<Record<'pglite' | 'nodePostgres', Engine>> {
  const dir = await scratch('drizzle-guard-postgresql-');
  const server = await PGlite.create();
  const overServer = createPgConfig(server);
  const { connection } = overServer;
  const parse = connection.parse.bind(connection);
  // drizzle-orm sets `types` to an object, which this connection takes for a list.
  connection.parse = (query) => parse({ ...query, types: [] });
  const client = new pg.Client(overServer);
  await client.connect();
  const withSchema = async (error: Pick<Ran, 'error'>): Promise<Ran> => {
    const { rows } = await server.query<{ what: string }>(POSTGRESQL_SCHEMA);
    return { ...error, schema: rows.map(({ what }) => what) };
  };
  const known = new Map<string, Ran>();
  const runEach = async (statements: readonly string[]): Promise<Ran> => {
    await server.exec('BEGIN; CREATE SCHEMA each; SET LOCAL search_path TO each');
    try {
      for (const statement of statements) await server.exec(statement);
      return await withSchema({});
    } finally {
      await server.exec('ROLLBACK');
    }
  };
  const engine = (
    name: string,
    target: Target,
    migrate: (config: MigrationConfig) => Promise<void>,
  ): Engine => ({
    name,
    target,
    firstAlone: false,
    async migrate(sql) {
      await server.exec(EMPTY);
      const migrationsFolder = await folderOf(dir, sql);
      return withSchema(await errorOf(() => migrate({ migrationsFolder })));
    },
    async runEach(statements) {
      const key = statements.join('\0');
      const ran = known.get(key) ?? (await runEach(statements));
      known.set(key, ran);
      return ran;
    },
    async close() {
      if (!server.closed) await client.end();
      if (!server.closed) await server.close();
    },
  });
  const target = { dialect: 'postgresql', breakpoints: true } as const;
  return {
    pglite: engine('PGlite', { ...target, driver: 'pglite' }, (config) =>
      migratePglite(onPglite(server), config),
    ),
    nodePostgres: engine('node-postgres', target, (config) =>
      migrateNodePostgres(onNodePostgres(client), config),
    ),
  };
}

const EMPTY =
  'DROP SCHEMA IF EXISTS row, drizzle CASCADE; CREATE SCHEMA row; SET search_path TO row';

const CHILD = fileURLToPath(new URL('node-sqlite.mjs', import.meta.url));

/** `node:sqlite` of another Node. @param node its program */
export async function nodeSqlite(node: string): Promise<Engine> {
  const dir = await scratch('drizzle-guard-node-sqlite-');
  const child = spawn(node, ['--no-warnings', CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Ran> => {
    child.stdin.write(`${JSON.stringify({ ...question, schema: SQLITE_SCHEMA })}\n`);
    const { value } = await answers.next();
    return JSON.parse(value as string) as Ran;
  };
  return {
    name: 'node:sqlite',
    target: { dialect: 'sqlite', breakpoints: true },
    firstAlone: true,
    migrate: async (sql) => ask({ folder: await folderOf(dir, sql) }),
    runEach: (statements) => ask({ statements }),
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { createClient, type Client } from '@libsql/client';
import { drizzle as onLibsql } from 'drizzle-orm/libsql';
import { migrate as migrateLibsql } from 'drizzle-orm/libsql/migrator';
import { drizzle as onPglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import type { Dialect } from '../../src/model/dialect.ts';
import { NOTHING_APPLIED, type AppliedRows } from '../../src/status/rows.ts';
import { modulesOf, type Kit1 } from '../support/kit1.ts';

/** The line of drizzle-orm: what the tests have of 0.x, or one of 1.x. */
export type Line = '0.x' | Kit1;

/** A database, and drizzle-orm's own migrators on it. */
export interface Database {
  readonly dialect: Dialect;
  readonly run: (sql: string) => Promise<void>;
  /** The migrations table as it is now. */
  readonly table: () => Promise<AppliedRows>;
  /** The message of the innermost error; undefined if the migrator ran to its end. */
  readonly migrate: (line: Line, folder: string) => Promise<string | undefined>;
  /** What a SELECT answers, as `psql --csv` prints it; PostgreSQL alone. */
  readonly csv: (select: string) => Promise<string>;
  /** Messages of PostgreSQL's protocol, and the answers to them. */
  readonly protocol: (messages: Uint8Array) => Promise<Uint8Array>;
  /** The tables that migrations made. */
  readonly tables: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

type Migrate = (db: unknown, config: { migrationsFolder: string }) => Promise<unknown>;

async function ofLine(
  line: Line,
  driver: 'libsql' | 'pglite',
): Promise<{ drizzle: (options: { client: unknown }) => unknown; migrate: Migrate }> {
  if (line === '0.x')
    return driver === 'libsql'
      ? {
          drizzle: ({ client }) => onLibsql(client as Client),
          migrate: (db, config) => migrateLibsql(db as ReturnType<typeof onLibsql>, config),
        }
      : {
          drizzle: ({ client }) => onPglite(client as PGlite),
          migrate: (db, config) => migratePglite(db as ReturnType<typeof onPglite>, config),
        };
  const at = (name: string): string =>
    pathToFileURL(join(modulesOf(line), 'drizzle-orm', driver, name)).href;
  const [{ drizzle }, { migrate }] = await Promise.all([
    import(at('index.js')),
    import(at('migrator.js')),
  ]);
  return { drizzle, migrate };
}

async function errorOf(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    let last = error;
    while (last instanceof Error && last.cause instanceof Error) last = last.cause;
    return last instanceof Error ? last.message : String(last);
  }
}

function tableOf(rows: readonly Readonly<Record<string, unknown>>[], named: boolean): AppliedRows {
  const text = (value: unknown): string | null =>
    value === null || value === undefined ? null : String(value);
  return {
    named,
    rows: rows.map((row) => ({
      id: text(row['id']),
      hash: String(row['hash']),
      createdAt: text(row['created_at']),
      ...(named ? { name: text(row['name']) } : {}),
    })),
  };
}

/** libsql in memory. */
export function sqlite(): Database {
  const client = createClient({ url: ':memory:' });
  return {
    dialect: 'sqlite',
    run: async (sql) => void (await client.executeMultiple(sql)),
    csv: () => Promise.reject(new Error('psql is a shell of PostgreSQL')),
    protocol: () => Promise.reject(new Error('there is no server')),
    async table() {
      const { rows } = await client.execute(
        "select name from pragma_table_info('__drizzle_migrations')",
      );
      if (rows.length === 0) return NOTHING_APPLIED;
      const all = await client.execute('select * from __drizzle_migrations');
      return tableOf(
        all.rows,
        rows.some(({ name }) => name === 'name'),
      );
    },
    async migrate(line, migrationsFolder) {
      const { drizzle, migrate } = await ofLine(line, 'libsql');
      return errorOf(() => migrate(drizzle({ client }), { migrationsFolder }));
    },
    async tables() {
      const { rows } = await client.execute(
        "select name from sqlite_master where type = 'table' and name not glob '__*' order by 1",
      );
      return rows.map(({ name }) => String(name));
    },
    close: async () => client.close(),
  };
}

/** PGlite; `run` of `EMPTY` makes it as new. */
export async function postgresql(): Promise<Database> {
  const client = await PGlite.create();
  return {
    dialect: 'postgresql',
    run: async (sql) => void (await client.exec(sql)),
    protocol: (messages) => client.execProtocolRaw(messages),
    async csv(select) {
      const { fields, rows } = await client.query<readonly unknown[]>(select, [], {
        rowMode: 'array',
      });
      const lines = [fields.map(({ name }) => name), ...rows].map((row) => row.join(','));
      return `${lines.join('\n')}\n`;
    },
    async table() {
      const { rows } = await client.query<{ name: string }>(
        "select column_name as name from information_schema.columns where table_schema = 'drizzle' and table_name = '__drizzle_migrations'",
      );
      if (rows.length === 0) return NOTHING_APPLIED;
      const all = await client.query<Record<string, unknown>>(
        'select * from drizzle.__drizzle_migrations order by id',
      );
      return tableOf(
        all.rows,
        rows.some(({ name }) => name === 'name'),
      );
    },
    async migrate(line, migrationsFolder) {
      const { drizzle, migrate } = await ofLine(line, 'pglite');
      return errorOf(() => migrate(drizzle({ client }), { migrationsFolder }));
    },
    async tables() {
      const { rows } = await client.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      );
      return rows.map(({ name }) => name);
    },
    close: () => client.close(),
  };
}

/** SQL that makes a PostgreSQL database as new. */
export const EMPTY =
  'drop schema public cascade; create schema public; drop schema if exists drizzle cascade';

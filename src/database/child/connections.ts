import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answered, Driver, Question } from '../protocol.ts';

interface Connection {
  /** Runs one SELECT, in a transaction that cannot write where the database has such. */
  select(sql: string): Promise<Answered>;
  close(): unknown;
}

type Open = (question: Question) => Promise<Connection>;
type Row = Readonly<Record<string, unknown>>;

/** How each driver is opened to read alone. */
export const connections: Readonly<Record<Driver, Open>> = {
  async pg({ from, url, timeLimit }) {
    const { Client } = load<{ Client: new (options: object) => PgClient }>(from, 'pg');
    const client = new Client({ connectionString: url, connectionTimeoutMillis: timeLimit });
    // A server that goes away is reported here, too.
    client.on('error', () => undefined);
    await client.connect();
    return {
      async select(sql) {
        await client.query('begin read only');
        try {
          const { fields, rows } = await client.query(sql);
          return table(names(fields), rows);
        } finally {
          await client.query('rollback');
        }
      },
      close: () => client.end(),
    };
  },

  async postgres({ from, url, timeLimit }) {
    const connect = load<(url: string, options: object) => PostgresJs>(from, 'postgres');
    // A pooler that gives each transaction another connection knows no prepared statements.
    const sql = connect(url, {
      max: 1,
      prepare: false,
      connect_timeout: timeLimit / 1000,
      onnotice: () => undefined,
    });
    return {
      select: (text) =>
        sql.begin('read only', async (tx) => {
          const rows = await tx.unsafe(text);
          return table(names(rows.columns), rows);
        }),
      close: () => sql.end({ timeout: 1 }),
    };
  },

  async '@neondatabase/serverless'({ from, url }) {
    const { neon } = load<{ neon: (url: string, options: object) => Neon }>(
      from,
      '@neondatabase/serverless',
    );
    const query = neon(url, { fullResults: true });
    return {
      async select(sql) {
        const { fields, rows } = await (query.query ?? query)(sql, []);
        return table(names(fields), rows);
      },
      close: () => undefined,
    };
  },

  async '@electric-sql/pglite'({ from, url }) {
    const { PGlite } = load<{ PGlite: { create(path: string): Promise<PGliteClient> } }>(
      from,
      '@electric-sql/pglite',
    );
    // PGlite writes into the folder that it opens.
    const copy = mkdtempSync(join(tmpdir(), 'drizzle-guard-pglite-'));
    cpSync(url, copy, { recursive: true });
    const client = await PGlite.create(copy);
    return {
      async select(sql) {
        const { fields, rows } = await client.query(sql);
        return table(names(fields), rows);
      },
      async close() {
        await client.close();
        rmSync(copy, { recursive: true, force: true });
      },
    };
  },

  async mysql2({ from, url, timeLimit }) {
    const { createConnection } = load<{
      createConnection: (options: object) => Promise<MysqlConnection>;
    }>(from, 'mysql2/promise');
    const connection = await createConnection({ uri: url, connectTimeout: timeLimit });
    return {
      async select(sql) {
        await connection.query('start transaction read only');
        const [rows, fields] = await connection.query(sql);
        return table(names(fields), rows);
      },
      close: () => connection.end(),
    };
  },

  async 'better-sqlite3'({ from, url }) {
    const Database = load<new (path: string, options: object) => SyncDatabase>(
      from,
      'better-sqlite3',
    );
    return synchronous(new Database(url, { readonly: true, fileMustExist: true }));
  },

  async libsql({ from, url }) {
    const Database = load<new (path: string) => SyncDatabase>(from, 'libsql');
    return synchronous(new Database(`${pathToFileURL(url).href}?mode=ro`));
  },

  async '@libsql/client'({ from, url }) {
    const { createClient } = load<{ createClient: (options: object) => LibsqlClient }>(
      from,
      '@libsql/client',
    );
    const token = process.env['TURSO_AUTH_TOKEN'];
    const isInUrl = new URL(url).searchParams.has('authToken');
    const client = createClient({
      url,
      ...(isInUrl || token === undefined ? {} : { authToken: token }),
    });
    return {
      async select(sql) {
        const { columns, rows } = await client.execute(sql);
        return table(columns, rows);
      },
      close: () => client.close(),
    };
  },

  async 'node:sqlite'({ from, url }) {
    const { DatabaseSync } = load<{
      DatabaseSync: new (path: string, options: object) => SyncDatabase;
    }>(from, 'node:sqlite');
    return synchronous(new DatabaseSync(url, { readOnly: true }));
  },
};

/** drizzle-orm takes the same packages, all of which can be required. */
function load<Module>(from: string, name: string): Module {
  return createRequire(from)(name) as Module;
}

function synchronous(database: SyncDatabase): Connection {
  return {
    async select(sql) {
      const statement = database.prepare(sql);
      return table(names(statement.columns()), statement.all());
    },
    close: () => database.close(),
  };
}

function names(fields: readonly { readonly name: string }[]): readonly string[] {
  return fields.map(({ name }) => name);
}

function table(columns: readonly string[], rows: readonly Row[]): Answered {
  return {
    columns,
    rows: rows.map((row) =>
      columns.map((name) => {
        const value = row[name];
        return value === null || value === undefined ? null : String(value);
      }),
    ),
  };
}

interface PgClient {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  query(sql: string): Promise<Fields>;
  end(): Promise<unknown>;
}

interface Fields {
  readonly fields: readonly { readonly name: string }[];
  readonly rows: readonly Row[];
}

interface PostgresJs {
  begin<T>(options: string, run: (tx: { unsafe(sql: string): Promise<Rows> }) => T): T;
  end(options: object): Promise<unknown>;
}

type Rows = readonly Row[] & { readonly columns: readonly { readonly name: string }[] };

interface Neon {
  (sql: string, values: readonly unknown[]): Promise<Fields>;
  /** Since 1.0. */
  readonly query?: (sql: string, values: readonly unknown[]) => Promise<Fields>;
}

interface PGliteClient {
  query(sql: string): Promise<Fields>;
  close(): Promise<void>;
}

interface MysqlConnection {
  query(sql: string): Promise<readonly [readonly Row[], Fields['fields']]>;
  end(): Promise<unknown>;
}

interface SyncDatabase {
  prepare(sql: string): {
    columns(): Fields['fields'];
    all(): readonly Row[];
  };
  close(): unknown;
}

interface LibsqlClient {
  execute(
    sql: string,
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly Row[] }>;
  close(): void;
}

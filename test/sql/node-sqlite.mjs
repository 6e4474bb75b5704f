// Answers, line by line of stdin, what is in a new database of node:sqlite once drizzle-orm's migrator
// has run a migrations folder, or each of some statements was run.
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';

/** The part of better-sqlite3 that the migrator calls. */
function asBetterSqlite(database) {
  return {
    prepare(sql) {
      const statement = database.prepare(sql);
      const values = (rows) => rows.map((row) => Object.values(row));
      return {
        run: (...parameters) => statement.run(...parameters),
        raw: () => ({ all: (...parameters) => values(statement.all(...parameters)) }),
      };
    },
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, statements = [], schema } = JSON.parse(line);
  const database = new DatabaseSync(':memory:');
  let error = {};
  try {
    const dialect = new SQLiteSyncDialect();
    const session = new BetterSQLiteSession(asBetterSqlite(database), dialect, undefined);
    if (folder !== undefined) migrate({ dialect, session }, { migrationsFolder: folder });
    for (const statement of statements) database.exec(statement);
  } catch (thrown) {
    error = { error: String(thrown?.cause?.message ?? thrown.message) };
  }
  const rows = database.prepare(schema).all();
  process.stdout.write(`${JSON.stringify({ ...error, schema: rows.map(({ what }) => what) })}\n`);
  database.close();
}

import Module, { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import type { Dialect } from '../../model/dialect.ts';
import type { KitLocation } from '../worker/protocol.ts';
import type { Generation, JournalAdapter } from './adapter.ts';
import { recordField } from '../diff/snapshot-json.ts';
import { compileLarge, lazily, method, property, type Call } from './foreign-module.ts';

/**
 * `generate --dialect turso` uses `applyLibSQLSnapshotsDiff`, and singlestore's own path differs
 * from its twin in `drizzle-kit/api` (which passes 'push' and so leaves checks out). Neither is
 * exported, but both are in the same file under names that did not change from 0.30.0 to 0.31.11;
 * this makes the exported function take the other path.
 *
 * A question about a column names the table without its schema, and one about a table's policy is
 * put in the very same words (`promptColumnsConflicts`). The resolvers use the table's name for
 * that question alone; here it says all three.
 *
 * The validators of snapshots are not exported either. `generate` takes a union of today's version
 * and older ones (`validatorForDialect`), of which only today's fits a snapshot of today's version.
 */
const TRAILER = `
;{
  const placed = (kind, ask) => (input) => ask({ ...input, tableName: JSON.stringify([kind, input.schema ?? '', input.tableName]) });
  columnsResolver = placed('column', columnsResolver);
  policyResolver = placed('policy', policyResolver);
}
module.exports.__drizzleGuard = {
  postgresqlSnapshot: () => { init_pgSchema(); return [pgSchema, backwardCompatiblePgSchema]; },
  mysqlSnapshot: () => { init_mysqlSchema(); return [mysqlSchema, backwardCompatibleMysqlSchema]; },
  sqliteSnapshot: () => { init_sqliteSchema(); return [sqliteSchema, backwardCompatibleSqliteSchema]; },
  singlestoreSnapshot: () => { init_singlestoreSchema(); return [singlestoreSchema, backwardCompatibleSingleStoreSchema]; },
  turso: typeof applyLibSQLSnapshotsDiff === 'undefined' || typeof init_snapshotsDiffer === 'undefined' ? undefined : async (prev, cur) => {
    init_snapshotsDiffer();
    const sqlite = applySqliteSnapshotsDiff;
    applySqliteSnapshotsDiff = applyLibSQLSnapshotsDiff;
    try { return await generateSQLiteMigration(prev, cur); } finally { applySqliteSnapshotsDiff = sqlite; }
  },
  singlestore: typeof applySingleStoreSnapshotsDiff === 'undefined' || typeof init_snapshotsDiffer === 'undefined' ? undefined : async (prev, cur) => {
    init_snapshotsDiffer();
    const diff = applySingleStoreSnapshotsDiff;
    applySingleStoreSnapshotsDiff = (...values) => diff(...values.filter((value) => value !== 'push'));
    try { return await generateSingleStoreMigration(prev, cur); } finally { applySingleStoreSnapshotsDiff = diff; }
  },
};
`;

/**
 * drizzle-kit 0.30 and 0.31, which keep a journal: all that is needed is exported by
 * `drizzle-kit/api`.
 */
export const JOURNAL: Generation = { fits: ({ api }) => existsSync(api), open };

function open({ api, base }: KitLocation): JournalAdapter {
  const required = createRequire(api);
  const fallback = createRequire(`${base}/package.json`);
  const load = (id: string): unknown => {
    try {
      return required(id) as unknown;
    } catch (error) {
      // With a strict package manager drizzle-kit, which declares no dependency on drizzle-orm, may
      // not see it.
      if (id.startsWith('drizzle-orm')) return fallback(id) as unknown;
      throw error;
    }
  };
  // drizzle-kit/api loads every dialect's part of drizzle-orm at once (100 ms); only one of them is
  // ever used. One of its files makes a dialect as it loads (`singlestoreSerializer.ts`).
  const find = (id: string): unknown =>
    /^drizzle-orm\/\w+-core$/.test(id) ? lazily(() => load(id), 'SingleStoreDialect') : load(id);
  const module = new Module(api);
  module.filename = api;
  module.require = Object.assign(find, required);
  compileLarge(module, Buffer.concat([readFileSync(api), Buffer.from(TRAILER)]), api);
  const exports: unknown = module.exports;
  const own = property(exports, '__drizzleGuard');
  const isTable = tableTest(find('drizzle-orm'));

  const serializers: Readonly<
    Partial<Record<Dialect, (all: unknown, casing: unknown) => unknown>>
  > = {
    postgresql: (all, casing) =>
      method(exports, 'generateDrizzleJson')(all, undefined, undefined, casing),
    mysql: (all, casing) => method(exports, 'generateMySQLDrizzleJson')(all, undefined, casing),
    sqlite: (all, casing) => method(exports, 'generateSQLiteDrizzleJson')(all, undefined, casing),
    turso: (all, casing) => method(exports, 'generateSQLiteDrizzleJson')(all, undefined, casing),
    singlestore: (all, casing) =>
      method(exports, 'generateSingleStoreDrizzleJson')(all, undefined, casing),
  };
  const generators: Readonly<Partial<Record<Dialect, Call>>> = {
    postgresql: method(exports, 'generateMigration'),
    mysql: method(exports, 'generateMySQLMigration'),
    sqlite: method(exports, 'generateSQLiteMigration'),
    turso: method(own, 'turso'),
    singlestore: method(own, 'singlestore'),
  };

  const validators: Readonly<Partial<Record<Dialect, Call>>> = {
    postgresql: method(own, 'postgresqlSnapshot'),
    mysql: method(own, 'mysqlSnapshot'),
    sqlite: method(own, 'sqliteSnapshot'),
    turso: method(own, 'sqliteSnapshot'),
    singlestore: method(own, 'singlestoreSnapshot'),
  };
  const validator = (dialect: Dialect, which: 0 | 1): unknown =>
    property((validators[dialect] ?? unknownDialect(dialect))(), String(which));
  const sound = new Set<string>();

  const serialize: JournalAdapter['serialize'] = async (dialect, exported, casing) => {
    const snapshot = await (serializers[dialect] ?? unknownDialect(dialect))(
      gather(exported, isTable),
      casing,
    );
    return JSON.parse(JSON.stringify(snapshot)) as unknown;
  };
  return {
    layout: 'journal',
    serialize,
    generate: async (dialect, prev, cur) => {
      // What drizzle-kit calls its dry snapshot is the snapshot of a schema without anything in it.
      const before = prev ?? (await serialize(dialect, [], undefined));
      const statements = await (generators[dialect] ?? unknownDialect(dialect))(before, cur);
      if (!Array.isArray(statements) || !statements.every((one) => typeof one === 'string'))
        throw new TypeError('drizzle-kit did not answer with statements');
      return { statements };
    },
    validate(dialect, snapshot) {
      // A table is valid or not by itself, and most are as in the snapshot before: to validate each
      // once is ten times as quick in a long history.
      const tables = Object.entries(recordField(snapshot, 'tables', true)).map(([name, table]) => ({
        name,
        table,
        text: JSON.stringify(table),
      }));
      const fresh = tables.filter(({ text }) => !sound.has(`${dialect} ${text}`));
      method(
        validator(dialect, 0),
        'parse',
      )({
        ...snapshot,
        tables: Object.fromEntries(fresh.map(({ name, table }) => [name, table])),
      });
      for (const { text } of fresh) sound.add(`${dialect} ${text}`);
    },
    isOutdated: (dialect, snapshot) =>
      property(method(validator(dialect, 1), 'safeParse')(snapshot), 'success') === true,
  };
}

/**
 * All exports under one roof. As drizzle-kit's `prepareFrom*Imports`: file by file, repeated tables
 * dropped by identity, repeated enums, views and the like kept.
 */
function gather(
  exported: readonly unknown[],
  isTable: (value: unknown) => boolean,
): Record<string, unknown> {
  const seen = new Set<unknown>();
  const all: Record<string, unknown> = {};
  for (const [position, file] of exported.entries()) {
    for (const [name, value] of Object.entries(
      typeof file === 'object' || typeof file === 'function' ? (file ?? {}) : {},
    )) {
      if (isTable(value)) {
        if (seen.has(value)) continue;
        seen.add(value);
      }
      all[`${position}:${name}`] = value;
    }
  }
  return all;
}

function tableTest(orm: unknown): (value: unknown) => boolean {
  const is = method(orm, 'is');
  const table = property(orm, 'Table');
  return (value) => Boolean(is(value, table));
}

function unknownDialect(dialect: Dialect): never {
  throw new TypeError(`no way to ask drizzle-kit about ${dialect}`);
}

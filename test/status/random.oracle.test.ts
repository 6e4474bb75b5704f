import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashesOf } from '../../src/status/content.ts';
import { foldersVerdict } from '../../src/status/folders-verdict.ts';
import { folderMillis } from '../../src/status/folder-millis.ts';
import { journalVerdict } from '../../src/status/journal-verdict.ts';
import type { AppliedRow } from '../../src/status/rows.ts';
import type { LocalMigration, Verdict } from '../../src/status/verdict.ts';
import { scratch } from '../support/drizzle-project.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import { EMPTY, postgresql, sqlite, type Database, type Line } from './migrators.ts';

/** Few values, so that rows and migrations meet: a second has several times, a time several SQLs. */
const SECONDS = [1_700_000_000, 1_700_000_001, 1_700_000_002, 1_700_000_003];
const TIMES = SECONDS.flatMap((second) => [second * 1000, second * 1000 + 7]);
const SQLS = ['SELECT 1', 'SELECT 2;\n', 'SELECT\n3;\n'];
const HASHES = SQLS.flatMap((sql) => {
  const { hash, otherLineEndings } = hashesOf(Buffer.from(sql));
  return [hash, ...otherLineEndings];
});
const stamp = (second: number): string =>
  new Date(second * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
const NAMES = [...SECONDS.flatMap((at) => [`${stamp(at)}_a`, `${stamp(at)}_b`]), 'unstamped'];

const hash = fc.constantFrom(...HASHES, 'f'.repeat(64), '', 'by hand');
const local = fc.record({ at: fc.constantFrom(...TIMES), sql: fc.constantFrom(...SQLS) });

function rowsOf(
  createdAt: fc.Arbitrary<string | null>,
  name?: fc.Arbitrary<string | null>,
): fc.Arbitrary<readonly AppliedRow[]> {
  const fields = { hash, createdAt, ...(name === undefined ? {} : { name }) };
  return fc
    .array(fc.record(fields) as fc.Arbitrary<Omit<AppliedRow, 'id'>>, { maxLength: 5 })
    .map((rows) => rows.map((row, at) => ({ ...row, id: String(at + 1) })));
}

const time = fc.constantFrom(...TIMES.map(String));
const withNull = fc.oneof({ weight: 12, arbitrary: time }, fc.constant(null));
const withText = fc.oneof({ weight: 12, arbitrary: withNull }, fc.constant('2024-01-01'));
const maybeName = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, fc.constant(null));

const quoted = (text: string | null | undefined): string =>
  text === null || text === undefined ? 'NULL' : `'${text}'`;

/** Makes the migrations table as a migrator makes it, with rows. */
async function fill(db: Database, rows: readonly AppliedRow[], named: boolean): Promise<void> {
  const isPg = db.dialect === 'postgresql';
  const table = isPg ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations';
  if (isPg) await db.run(`${EMPTY}; create schema drizzle`);
  const id = !isPg && named ? 'id INTEGER PRIMARY KEY' : 'id SERIAL PRIMARY KEY';
  const more = named ? ', name text, applied_at text' : '';
  await db.run(
    `create table ${table} (${id}, hash text NOT NULL, created_at ${isPg ? 'bigint' : 'numeric'}${more})`,
  );
  for (const { hash: text, createdAt, name } of rows)
    await db.run(
      `insert into ${table} (hash, created_at${named ? ', name' : ''}) values (${quoted(text)}, ${quoted(createdAt)}${named ? `, ${quoted(name)}` : ''})`,
    );
}

let folder: string;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const key = ({ hash: text, createdAt, name }: AppliedRow): string =>
  name === undefined || name === null ? `${text} ${createdAt}` : name;

/** Holds a forecast to what the migrator then does; answers which it was. */
async function expectSame(
  db: Database,
  line: Line,
  migrations: readonly LocalMigration[],
  verdictOf: (rows: Awaited<ReturnType<Database['table']>>) => Verdict,
): Promise<'throws' | 'runs' | 'rests'> {
  const before = await db.table();
  const verdict = verdictOf(before);
  const error = await db.migrate(line, folder);
  const after = await db.table();
  const detail = { verdict, before, error };
  expect({ ...detail, throws: verdict.throws !== undefined }).toEqual({
    ...detail,
    throws: error !== undefined,
  });
  if (error !== undefined) {
    expect(after.rows.length).toBe(before.rows.length);
    return 'throws';
  }
  const toRun = migrations.filter((_, at) =>
    ['pending', 'runs-again'].includes(verdict.migrations[at]?.state ?? ''),
  );
  const ran = after.rows.slice(before.rows.length).map(key).sort();
  const foreseen = toRun
    .map(({ name, when, sql }) => (line === '0.x' ? `${sql?.hash} ${when}` : name))
    .sort();
  expect({ ...detail, ran }).toEqual({ ...detail, ran: foreseen });
  return ran.length > 0 ? 'runs' : 'rests';
}

const databases: Database[] = [];
const made = (db: Database): Database => {
  databases.push(db);
  return db;
};
let pg: Database;
beforeAll(async () => {
  folder = join(await scratch('drizzle-guard-status-'), 'drizzle');
  pg = made(await postgresql());
});
afterAll(() => Promise.all(databases.map((db) => db.close())));

const ENGINES = [
  ['libsql', 40, () => Promise.resolve(made(sqlite()))],
  ['PGlite', 15, () => Promise.resolve(pg)],
] as const;
const LINES = WHOLE ? (['rc5', 'rc4'] as const) : (['rc5'] as const);

async function holds<T>(
  runs: number,
  cases: fc.Arbitrary<T>,
  check: (one: T) => Promise<'throws' | 'runs' | 'rests'>,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(cases, async (one) => void seen.add(await check(one))),
    { numRuns: WHOLE ? 20 * runs : runs, seed: SEED },
  );
  return seen;
}

describe.each(ENGINES)('the forecast is what the migrator does, on %s', (_, runs, open) => {
  it(`0.x, seed ${SEED}`, async () => {
    const createdAt = _ === 'libsql' ? withText : withNull;
    const cases = fc.record({
      locals: fc.array(local, { maxLength: 5 }),
      rows: rowsOf(createdAt),
    });
    const seen = await holds(runs, cases, async ({ locals, rows }) => {
      const db = await open();
      const entries = locals.map(({ at }, idx) => ({
        idx,
        version: '7',
        when: at,
        tag: `${idx}_m`,
        breakpoints: true,
      }));
      await write({
        'meta/_journal.json': JSON.stringify({ version: '7', dialect: db.dialect, entries }),
        ...Object.fromEntries(locals.map(({ sql }, idx) => [`${idx}_m.sql`, sql])),
      });
      await fill(db, rows, false);
      const migrations = locals.map(({ at, sql }, idx) => ({
        name: `${idx}_m`,
        when: at,
        sql: hashesOf(Buffer.from(sql)),
      }));
      return expectSame(db, '0.x', migrations, (table) =>
        journalVerdict(migrations, table.rows, db.dialect),
      );
    });
    expect([...seen].sort()).toEqual(['rests', 'runs']);
  });

  it.each(
    LINES.flatMap((line) => [
      [line, 'its own table', true] as const,
      [line, 'a table of 0.x', false] as const,
    ]),
  )(`%s on %s, seed ${SEED}`, async (line, __, named) => {
    const createdAt = _ === 'libsql' ? withText : withNull;
    const cases = fc.record({
      locals: fc.uniqueArray(
        fc.record({ name: fc.constantFrom(...NAMES), sql: fc.constantFrom(...SQLS) }),
        { maxLength: 5, selector: ({ name }) => name },
      ),
      rows: named ? rowsOf(createdAt, maybeName) : rowsOf(createdAt),
    });
    const seen = await holds(named ? runs : 2 * runs, cases, async ({ locals, rows }) => {
      const db = await open();
      await write({
        'README.md': '',
        ...Object.fromEntries(locals.map(({ name, sql }) => [`${name}/migration.sql`, sql])),
      });
      await fill(db, rows, named);
      // A history has them in the order of the names.
      const sorted = locals.toSorted((a, b) => a.name.localeCompare(b.name));
      const migrations = sorted.map(({ name, sql }) => ({
        name,
        when: folderMillis(name),
        sql: hashesOf(Buffer.from(sql)),
      }));
      return expectSame(db, line, migrations, (table) =>
        foldersVerdict(migrations, table, { dialect: db.dialect, hasJournal: false }),
      );
    });
    expect([...seen]).toContain('runs');
    if (!named) expect([...seen]).toContain('throws');
  });
});

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/history/history.ts';
import { planUp, type UpMove } from '../../src/history/layout.ts';
import type { FolderSnapshot } from '../../src/schema/folders.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { folderUp } from '../../src/schema/kit/folder-answers.ts';
import type { GenerateSession } from '../../src/schema/kit/generate.ts';
import { openWorker } from '../../src/schema/thread/host.ts';
import {
  filesIn,
  generate,
  PROJECT_DIALECTS,
  projectWithHistory,
  scratch,
  teams,
  writeFiles,
  type ProjectDialect,
} from '../support/drizzle-project.ts';
import { KITS_1, linkKit1, modulesOf, snapshotsIn, type Kit1 } from '../support/kit1.ts';

const SQLITE_EXTRA = `import { check, integer, primaryKey, sqliteTable, sqliteView } from 'drizzle-orm/sqlite-core';\nimport { sql } from 'drizzle-orm';\nexport const seats = sqliteTable('seats', { row: integer('row').notNull(), place: integer('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = sqliteView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`;
const FIXTURE = fileURLToPath(new URL('../fixtures/teams', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

/** `up` of `drizzle-kit/cli`, which is what the command line runs, in this process. */
async function up1(kit: Kit1, dir: string, dialect: string): Promise<{ status: string }> {
  const { up } = createRequire(join(modulesOf(kit), 'drizzle-kit/package.json'))('./cli.js') as {
    readonly up: (options: unknown) => Promise<{ status: string }>;
  };
  // rc.4 puts `./` in front of it.
  return up({ dialect, out: relative(process.cwd(), join(dir, 'drizzle')) });
}

interface Before {
  readonly moves: readonly UpMove[];
  readonly snapshots: readonly FolderSnapshot[];
}

/** The journal's history in `dir`, each snapshot in the folder that it goes to. */
async function historyIn(dir: string): Promise<Before> {
  const files = await filesIn(dir, 'drizzle');
  const journal = JSON.parse(files['drizzle/meta/_journal.json'] ?? '') as {
    readonly entries: readonly JournalEntry[];
  };
  const moves = planUp('drizzle', journal.entries);
  return {
    moves,
    snapshots: moves.map(({ folder, snapshotPath }) => ({
      folder,
      json: JSON.parse(files[snapshotPath] ?? '') as Record<string, unknown>,
    })),
  };
}

async function moved(source: string, kit: Kit1): Promise<string> {
  const dir = await scratch();
  await cp(join(source, 'drizzle'), join(dir, 'drizzle'), { recursive: true });
  await linkKit1(dir, kit);
  return dir;
}

const EXTRA: Readonly<Record<ProjectDialect, string>> = {
  postgresql: `import { check, integer, pgEnum, pgTable, pgView, primaryKey, text } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\nexport const mood = pgEnum('mood', ['sad', 'ok']);\nexport const seats = pgTable('seats', { row: integer('row').notNull(), place: integer('place').notNull(), mood: mood('mood').array().default(['ok']) }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = pgView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`,
  mysql: `import { check, decimal, int, mysqlTable, mysqlView, primaryKey } from 'drizzle-orm/mysql-core';\nimport { sql } from 'drizzle-orm';\nexport const seats = mysqlTable('seats', { row: int('row').notNull(), place: int('place').notNull(), price: decimal('price').default('1') }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = mysqlView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`,
  singlestore: `import { int, primaryKey, singlestoreTable } from 'drizzle-orm/singlestore-core';\nexport const seats = singlestoreTable('seats', { row: int('row').notNull(), place: int('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] })]);`,
  sqlite: SQLITE_EXTRA,
  turso: SQLITE_EXTRA,
};

/** Projects with three migrations of drizzle-kit 0.31, one of them custom. */
const grown = new Map<ProjectDialect, Promise<string>>();

function grownProject(dialect: ProjectDialect): Promise<string> {
  const known = grown.get(dialect) ?? grow(dialect);
  grown.set(dialect, known);
  return known;
}

async function grow(dialect: ProjectDialect): Promise<string> {
  const dir = await projectWithHistory(dialect);
  const index = "export * from './members';\nexport * from './teams';\nexport * from './seats';\n";
  await writeFiles(dir, {
    'src/db/schema/seats.ts': EXTRA[dialect],
    'src/db/schema/index.ts': index,
  });
  await apart(dir);
  await generate(dir, { name: 'seats' });
  await apart(dir);
  await generate(dir, { name: 'by hand', custom: true });
  await writeFiles(dir, { 'src/db/schema/teams.ts': teams(dialect, ["note: text('note'),"]) });
  await apart(dir);
  await generate(dir, { name: 'note' });
  await apart(dir);
  return dir;
}

/** `up` refuses two migrations of one second. */
async function apart(dir: string): Promise<void> {
  await editJournal(dir, (entries) =>
    entries.map((entry, at) => ({ ...entry, when: Date.UTC(2025, 0, 1) + at * 90_000 })),
  );
}

async function editJournal(
  dir: string,
  edit: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
): Promise<void> {
  const path = join(dir, 'drizzle/meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: readonly JournalEntry[] };
  await writeFile(path, JSON.stringify({ ...journal, entries: edit(journal.entries) }, null, 2));
}

function sessionFor(dir: string, dialect: ProjectDialect): GenerateSession {
  return { kit: findKit(dir, '', 'npm install'), worker, dialect };
}

test.each(KITS_1.flatMap((kit) => PROJECT_DIALECTS.map((dialect) => ({ kit, dialect }))))(
  '$kit $dialect: up in memory is what up writes',
  async ({ kit, dialect }) => {
    const dir = await moved(await grownProject(dialect), kit);
    const { moves, snapshots } = await historyIn(dir);
    const sql = await Promise.all(moves.map(({ sqlPath }) => readFile(join(dir, sqlPath), 'utf8')));
    const lifted = await folderUp(sessionFor(dir, dialect), snapshots);
    expect(await up1(kit, dir, dialect)).toMatchObject({ status: 'ok' });
    expect(lifted).toEqual({ status: 'ok', snapshots: await snapshotsIn(dir) });
    for (const [at, { folder }] of moves.entries())
      expect(await readFile(join(dir, 'drizzle', folder, 'migration.sql'), 'utf8')).toBe(sql[at]);
    // What is lifted stays as it is.
    expect(await folderUp(sessionFor(dir, dialect), await snapshotsIn(dir))).toEqual(lifted);
  },
);

test.each(KITS_1)("%s: the fixture's history", async (kit) => {
  const dir = await moved(FIXTURE, kit);
  const { snapshots } = await historyIn(dir);
  const lifted = await folderUp(sessionFor(dir, 'postgresql'), snapshots);
  expect(await up1(kit, dir, 'postgresql')).toMatchObject({ status: 'ok' });
  expect(lifted).toEqual({ status: 'ok', snapshots: await snapshotsIn(dir) });
});

test('version 8 to 9', async () => {
  const dir = await moved(await grownProject('postgresql'), 'rc4');
  await up1('rc4', dir, 'postgresql');
  await rm(join(dir, 'node_modules'), { recursive: true });
  await linkKit1(dir, 'rc5');
  const old = await snapshotsIn(dir);
  expect(old.map(({ json }) => json['version'])).toEqual(['8', '8', '8', '8']);
  const lifted = await folderUp(sessionFor(dir, 'postgresql'), old);
  expect(await up1('rc5', dir, 'postgresql')).toMatchObject({ status: 'ok' });
  const snapshots = await snapshotsIn(dir);
  expect(snapshots.map(({ json }) => json['version'])).toEqual(['9', '9', '9', '9']);
  expect(lifted).toEqual({ status: 'ok', snapshots });
});

test('up refuses a history on PostgreSQL as a whole, in memory too', async () => {
  const spoilt = async (
    edit: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
  ): Promise<string> => {
    const dir = await moved(await grownProject('postgresql'), 'rc5');
    await editJournal(dir, edit);
    const { snapshots } = await historyIn(dir);
    const lifted = await folderUp(sessionFor(dir, 'postgresql'), snapshots);
    expect(await up1('rc5', dir, 'postgresql')).toMatchObject({ status: 'error' });
    return lifted.status === 'refused' ? (lifted.problems[0]?.kind ?? '') : lifted.status;
  };
  expect(await spoilt((entries) => entries.map((one) => ({ ...one, when: 0 })))).toBe('order');
  expect(await spoilt((entries) => entries.toSpliced(1, 1))).toBe('history');
  expect(await spoilt((entries) => entries.slice(1))).toBe('history');
});

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { JournalEntry } from '../../src/history/history.ts';
import {
  filesIn,
  generate,
  linkModules,
  projectWithHistory,
  scratch,
  teams,
  writeFiles,
  type Files,
  type ProjectDialect,
} from './drizzle-project.ts';
import { modulesOf, type Kit1 } from './kit1.ts';

const SQLITE_EXTRA = `import { check, integer, primaryKey, sqliteTable, sqliteView } from 'drizzle-orm/sqlite-core';\nimport { sql } from 'drizzle-orm';\nexport const seats = sqliteTable('seats', { row: integer('row').notNull(), place: integer('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = sqliteView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`;
const EXTRA: Readonly<Record<ProjectDialect, string>> = {
  postgresql: `import { check, integer, pgEnum, pgTable, pgView, primaryKey, text } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\nexport const mood = pgEnum('mood', ['sad', 'ok']);\nexport const seats = pgTable('seats', { row: integer('row').notNull(), place: integer('place').notNull(), mood: mood('mood').array().default(['ok']) }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = pgView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`,
  mysql: `import { check, decimal, int, mysqlTable, mysqlView, primaryKey } from 'drizzle-orm/mysql-core';\nimport { sql } from 'drizzle-orm';\nexport const seats = mysqlTable('seats', { row: int('row').notNull(), place: int('place').notNull(), price: decimal('price').default('1') }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);\nexport const rows = mysqlView('rows').as((qb) => qb.select({ row: seats.row }).from(seats));`,
  singlestore: `import { int, primaryKey, singlestoreTable } from 'drizzle-orm/singlestore-core';\nexport const seats = singlestoreTable('seats', { row: int('row').notNull(), place: int('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] })]);`,
  sqlite: SQLITE_EXTRA,
  turso: SQLITE_EXTRA,
};

const grown = new Map<ProjectDialect, Promise<Files>>();

/**
 * The files of a project with four migrations of drizzle-kit 0.31, one of them custom. Not a folder:
 * that goes after the file of tests that made it, and one process runs many.
 */
export function grownProject(dialect: ProjectDialect): Promise<Files> {
  const known = grown.get(dialect) ?? grow(dialect);
  grown.set(dialect, known);
  return known;
}

async function grow(dialect: ProjectDialect): Promise<Files> {
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
  return filesIn(dir);
}

/**
 * The files with one more migration of drizzle-kit 0.31.
 * @param changed files that are written before; without them it is a custom one
 */
export async function grownBy(files: Files, name: string, changed?: Files): Promise<Files> {
  const dir = await scratch();
  await linkModules(dir);
  await writeFiles(dir, { ...files, ...changed });
  await generate(dir, { name, custom: changed === undefined });
  await apart(dir);
  return filesIn(dir);
}

/** `up` refuses two migrations of one second. */
async function apart(dir: string): Promise<void> {
  await editJournal(dir, (entries) =>
    entries.map((entry, at) => ({ ...entry, when: Date.UTC(2025, 0, 1) + at * 90_000 })),
  );
}

export async function editJournal(
  dir: string,
  edit: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
): Promise<void> {
  const path = join(dir, 'drizzle/meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: readonly JournalEntry[] };
  await writeFile(path, JSON.stringify({ ...journal, entries: edit(journal.entries) }, null, 2));
}

/** `up` of `drizzle-kit/cli`, which is what the command line runs, in this process. */
export async function up1(kit: Kit1, dir: string, dialect: string): Promise<{ status: string }> {
  const { up } = createRequire(join(modulesOf(kit), 'drizzle-kit/package.json'))('./cli.js') as {
    readonly up: (options: unknown) => Promise<{ status: string }>;
  };
  // rc.4 puts `./` in front of it.
  return up({ dialect, out: relative(process.cwd(), join(dir, 'drizzle')) });
}

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const teams = fileURLToPath(new URL('../fixtures/teams', import.meta.url));

function repository(prefix) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const git = (...args) => execFileSync('git', args, { cwd: dir, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  for (const [key, value] of [['user.name', 'Bench'], ['user.email', 'bench@example.invalid'], ['commit.gpgSign', 'false'], ['gc.auto', '0']]) git('config', key, value);
  const write = (path, text) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  write('.gitignore', 'node_modules\n');
  symlinkSync(modules, join(dir, 'node_modules'), 'junction');
  return { dir, git, write };
}

/** A repository of many source files with one Drizzle project in it. */
export function bigRepository(files) {
  const { dir, git, write } = repository('drizzle-guard-bench-big-');
  cpSync(teams, join(dir, 'packages/db'), { recursive: true });
  for (let n = 0; n < files; n += 1) write(`src/area${n % 100}/part${n % 10}/file${n}.ts`, `export const value${n} = ${n};\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Start');
  return {
    dir,
    stageReadme() {
      write('docs/page.md', 'A page.\n');
      git('add', 'docs');
    },
    stageUnrelatedSource() {
      write('src/area1/part1/file1.ts', 'export const value1 = 111;\n');
      git('add', 'src/area1');
    },
  };
}

/** A project with many tables in one file each, generated once and committed. */
export function wideProject(tables, kit) {
  const { dir, git, write } = repository('drizzle-guard-bench-wide-');
  write('package.json', '{ "name": "wide", "private": true, "type": "module" }\n');
  write('drizzle.config.ts', "import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig({ dialect: 'postgresql', schema: './src/schema/index.ts', out: './drizzle' });\n");
  for (let n = 0; n < tables; n += 1) write(`src/schema/table${n}.ts`, table(n));
  write('src/schema/index.ts', Array.from({ length: tables }, (_, n) => `export * from './table${n}';\n`).join(''));
  spawnSync(process.execPath, [kit, 'generate', '--name', 'start'], { cwd: dir });
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Start');
  const recorded = readdirSync(join(dir, 'drizzle'));
  const journal = readFileSync(join(dir, 'drizzle/meta/_journal.json'));
  return {
    dir,
    stageColumn() {
      write('src/schema/table7.ts', table(7).replace('  name:', "  added: text('added'),\n  name:"));
      git('add', 'src');
    },
    /** Takes back what `drizzle-kit generate` wrote, so that each run writes it again. */
    forgetGenerated() {
      for (const name of readdirSync(join(dir, 'drizzle'))) if (!recorded.includes(name)) rmSync(join(dir, 'drizzle', name));
      rmSync(join(dir, 'drizzle/meta/0001_snapshot.json'), { force: true });
      writeFileSync(join(dir, 'drizzle/meta/_journal.json'), journal);
    },
    forgetCache() {
      const cache = join(dir, '.git/drizzle-guard');
      if (existsSync(cache)) rmSync(cache, { recursive: true });
    },
  };
}

function table(n) {
  const parent = n === 0 ? '' : `import { table${n - 1} } from './table${n - 1}';\n`;
  const reference = n === 0 ? '' : `\n  parentId: uuid('parent_id').references(() => table${n - 1}.id, { onDelete: 'cascade' }),`;
  return `import { boolean, index, integer, jsonb, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
${parent}
export const table${n} = pgTable('table_${n}', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 255 }).notNull(),
  note: text('note'),
  count: integer('count').notNull().default(0),
  active: boolean('active').notNull().default(true),
  data: jsonb('data'),${reference}
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (t) => [index('table_${n}_name_idx').on(t.name)]);
`;
}

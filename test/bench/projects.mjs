import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ours = fileURLToPath(new URL('../../node_modules', import.meta.url));
const teams = fileURLToPath(new URL('../fixtures/teams', import.meta.url));

function repository(prefix, modules = ours) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const git = (...args) => execFileSync('git', args, { cwd: dir, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  for (const [key, value] of [
    ['user.name', 'Bench'],
    ['user.email', 'bench@example.invalid'],
    ['commit.gpgSign', 'false'],
    ['gc.auto', '0'],
  ])
    git('config', key, value);
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
  write(
    'package.json',
    '{ "name": "big", "private": true, "devDependencies": { "drizzle-guard": "^0.1.0" } }\n',
  );
  for (let n = 0; n < files; n += 1)
    write(`src/area${n % 100}/part${n % 10}/file${n}.ts`, `export const value${n} = ${n};\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Start');
  return {
    dir,
    git,
    write,
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

/**
 * A project with many tables in one file each, generated once and committed, with the drizzle-kit of
 * either generation and the packages that it is among.
 * @param config the guard's; by default it has none
 */
export function wideProject(tables, kit, config) {
  const { dir, git, write } = repository('drizzle-guard-bench-wide-', dirname(dirname(kit)));
  write('package.json', '{ "name": "wide", "private": true, "type": "module" }\n');
  if (config !== undefined) write('guard.config.json', JSON.stringify(config));
  write(
    'drizzle.config.ts',
    "import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig({ dialect: 'postgresql', schema: './src/schema/index.ts', out: './drizzle' });\n",
  );
  for (let n = 0; n < tables; n += 1) write(`src/schema/table${n}.ts`, table(n));
  write(
    'src/schema/index.ts',
    Array.from({ length: tables }, (_, n) => `export * from './table${n}';\n`).join(''),
  );
  spawnSync(process.execPath, [kit, 'generate', '--name', 'start'], { cwd: dir });
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Start');
  const recorded = readdirSync(join(dir, 'drizzle'));
  const journalPath = join(dir, 'drizzle/meta/_journal.json');
  const journal = existsSync(journalPath) ? readFileSync(journalPath) : undefined;
  return {
    dir,
    git,
    stageColumn(n = 7) {
      write(
        `src/schema/table${n}.ts`,
        table(n).replace('  name:', "  added: text('added'),\n  name:"),
      );
      git('add', 'src');
    },
    /** A change that is whole: the column of `stageColumn` with its migration. */
    stageWhole(n = 7) {
      this.stageColumn(n);
      spawnSync(process.execPath, [kit, 'generate', '--name', 'added'], { cwd: dir });
      git('add', '--all');
    },
    unstage() {
      git('reset', '--quiet', '--hard');
      git('clean', '-fdq', '--', 'drizzle', 'src');
    },
    /**
     * Commits after `start`: every fifth adds a column with its migration, the others touch files
     * of no concern.
     */
    commitRange(count) {
      git('tag', 'start');
      for (let n = 0; n < count; n += 1) {
        if (n % 5 === 0) {
          write(
            `src/schema/table${n / 5}.ts`,
            table(n / 5).replace('  name:', `  added${n}: text('added_${n}'),\n  name:`),
          );
          spawnSync(process.execPath, [kit, 'generate', '--name', `added_${n}`], { cwd: dir });
        } else write(`src/app/file${n}.ts`, `export const value = ${n};\n`);
        git('add', '--all');
        git('commit', '--quiet', '--message', `Commit ${n}`);
      }
    },
    /** Takes back what `drizzle-kit generate` wrote, so that each run writes it again. */
    forgetGenerated() {
      for (const name of readdirSync(join(dir, 'drizzle')))
        if (!recorded.includes(name)) rmSync(join(dir, 'drizzle', name), { recursive: true });
      rmSync(join(dir, 'drizzle/meta/0001_snapshot.json'), { force: true });
      if (journal !== undefined) writeFileSync(journalPath, journal);
    },
    forgetCache() {
      const cache = join(dir, '.git/drizzle-guard');
      if (existsSync(cache)) rmSync(cache, { recursive: true });
    },
    /**
     * Checks two other changes, the first of which keeps no compiled code.
     * @returns restores what was kept after them, as a check of the next change finds it
     */
    checkedBefore(check) {
      const store = join(dir, '.git/drizzle-guard/store');
      for (const n of [8, 9]) {
        this.stageWhole(n);
        check();
        this.unstage();
      }
      const kept = join(dir, '.git/kept');
      cpSync(store, kept, { recursive: true });
      const then = new Date();
      return () => {
        rmSync(store, { recursive: true });
        cpSync(kept, store, { recursive: true });
        utimesSync(store, then, then);
      };
    },
  };
}

const HOUR = 3_600_000;

/**
 * A project of 24 tables with so many migrations, one an hour, all but the first of them custom
 * ones, and one more staged: 500 have snapshots of 30 MB, but for drizzle-kit 1.x, which writes what
 * differs.
 */
export function longHistory(migrations, kit) {
  const project = wideProject(24, kit);
  const at = (path) => join(project.dir, 'drizzle', path);
  if (existsSync(at('meta'))) addToJournal(at, migrations);
  else addFolders(at, migrations);
  execFileSync('git', ['add', '--all'], { cwd: project.dir });
  execFileSync('git', ['commit', '--quiet', '--message', 'Years'], { cwd: project.dir });
  project.stageWhole();
  return project;
}

const custom = (n) => `-- Custom SQL migration file, put your code below! --\nSELECT ${n};\n`;
const idOf = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function addToJournal(at, migrations) {
  const journal = JSON.parse(readFileSync(at('meta/_journal.json'), 'utf8'));
  const snapshot = JSON.parse(readFileSync(at('meta/0000_snapshot.json'), 'utf8'));
  journal.entries[0].when -= migrations * HOUR;
  for (let n = 1; n < migrations; n += 1) {
    const prefix = String(n).padStart(4, '0');
    Object.assign(snapshot, { prevId: snapshot.id, id: idOf(n) });
    writeFileSync(at(`meta/${prefix}_snapshot.json`), JSON.stringify(snapshot, null, 2));
    writeFileSync(at(`${prefix}_step.sql`), custom(n));
    journal.entries.push({
      ...journal.entries[0],
      idx: n,
      when: journal.entries[0].when + n * HOUR,
      tag: `${prefix}_step`,
    });
  }
  writeFileSync(at('meta/_journal.json'), JSON.stringify(journal, null, 2));
}

/** As `drizzle-kit generate --custom` of 1.x leaves them. */
function addFolders(at, migrations) {
  const start = Date.now() - migrations * HOUR;
  const stampOf = (n) => new Date(start + n * HOUR).toISOString().replaceAll(/[-T:]|\..*/g, '');
  const [first] = readdirSync(at(''));
  renameSync(at(first), at(`${stampOf(0)}_start`));
  const base = JSON.parse(readFileSync(at(`${stampOf(0)}_start/snapshot.json`), 'utf8'));
  for (let n = 1; n < migrations; n += 1) {
    const folder = at(`${stampOf(n)}_step`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'migration.sql'), custom(n));
    const snapshot = {
      type: 'diff',
      version: base.version,
      dialect: base.dialect,
      id: idOf(n),
      prevIds: [n === 1 ? base.id : idOf(n - 1)],
      footprints: [],
      deltas: [],
    };
    writeFileSync(join(folder, 'snapshot.json'), JSON.stringify(snapshot, null, 2));
  }
}

/** The schema file of one table. */
export function table(n) {
  const parent = n === 0 ? '' : `import { table${n - 1} } from './table${n - 1}';\n`;
  const reference =
    n === 0
      ? ''
      : `\n  parentId: uuid('parent_id').references(() => table${n - 1}.id, { onDelete: 'cascade' }),`;
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

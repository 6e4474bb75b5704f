import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { teams, writeFiles, type Files } from '../support/drizzle-project.ts';
import { generate1, linkKit1, stampNewest } from '../support/kit1.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { WHOLE } from '../support/run-settings.ts';
import { guardIn, refusals, type Scene } from '../support/scene.ts';
import { grownBy, grownProject, up1 } from '../support/switch.ts';

type Switched = 'postgresql' | 'sqlite' | 'mysql';
const DIALECTS: readonly Switched[] = WHOLE ? ['postgresql', 'sqlite', 'mysql'] : ['sqlite'];
const SCHEMA = 'src/db/schema/teams.ts';
const START = ["note: text('note'),"];

interface Branches extends TestRepository, Pick<Scene, 'check' | 'guard'> {
  readonly dialect: Switched;
  /** Switches the branch to folders, and adds columns with drizzle-kit 1.x. */
  moves(...columns: readonly string[]): Promise<void>;
  /** Adds columns with drizzle-kit 0.31: a migration for each, the last of them custom. */
  stays(...columns: readonly string[]): Promise<void>;
  schema(...columns: readonly string[]): Promise<void>;
  read(path: string): Promise<string>;
  folders(): Promise<readonly string[]>;
  nothingLeft(): Promise<void>;
}

/** `main` and `topic` with one journal of 0.31, and 1.x installed; `topic` is checked out. */
async function branches(dialect: Switched): Promise<Branches> {
  const files = await grownProject(dialect);
  const made = await repository(files, { shared: true });
  await made.commit('a history of 0.31');
  await made.git('branch', '-M', 'main');
  await made.git('checkout', '-q', '-b', 'topic');
  await linkKit1(made.dir, 'rc5');
  const textOf = (columns: readonly string[]): string =>
    teams(dialect, [...START, ...columns.map((name) => `${name}: text('${name}'),`)]);
  const schema = (...columns: readonly string[]): Promise<void> =>
    made.write(SCHEMA, textOf(columns));
  let step = 0;
  const generate = async (): Promise<string> => {
    const copy = join(made.dir, 'src/db', `schema${(step += 1)}`);
    await made.run('cp', ['-r', 'src/db/schema', copy]);
    const all = [join(copy, 'index.ts')];
    const { status } = await generate1('rc5', { dir: made.dir, dialect, schema: all });
    await made.run('rm', ['-r', copy]);
    return status;
  };
  const guard = guardIn(made);
  return Object.assign(made, {
    ...guard,
    dialect,
    schema,
    moves: async (...columns: readonly string[]) => {
      expect(await up1('rc5', made.dir, dialect)).toMatchObject({ status: 'ok' });
      await made.commit('the switch');
      if (columns.length === 0) return;
      await schema(...columns);
      expect(await generate()).toBe('ok');
      await stampNewest(made.dir, 1000 + step);
      await made.commit('more in folders');
    },
    stays: async (...columns: readonly string[]) => {
      let now: Files = files;
      for (const [at, name] of columns.entries()) {
        const changed = { [SCHEMA]: textOf(columns.slice(0, at + 1)) };
        now = await grownBy(now, `with_${name}`, changed);
      }
      now = await grownBy(now, 'last_by_hand');
      const custom = Object.keys(now).find((path) => path.endsWith('_last_by_hand.sql')) ?? '';
      now = { ...now, [custom]: "UPDATE teams SET note = 'x';\n" };
      await writeFiles(made.dir, now);
      await made.commit('more in the journal');
    },
    read: (path: string) => readFile(join(made.dir, path), 'utf8'),
    folders: async () => (await readdir(join(made.dir, 'drizzle'))).sort(),
    nothingLeft: async () => {
      const names = await readdir(join(made.dir, 'drizzle'));
      expect(names.filter((name) => !/^\d{14}_/.test(name))).toEqual([]);
      expect(refusals(await guard.check())).toEqual([]);
      expect(await generate()).toBe('no_changes');
    },
  });
}

/** A table of its own, with a primary key. */
async function withBoats({ dialect, read }: Branches): Promise<Files> {
  const core = { postgresql: 'pg', sqlite: 'sqlite', mysql: 'mysql' }[dialect];
  const number = dialect === 'mysql' ? 'int' : 'integer';
  const index = await read('src/db/schema/index.ts');
  return {
    'src/db/schema/boats.ts':
      `import { ${number}, ${core}Table, text } from 'drizzle-orm/${core}-core';\n` +
      `export const boats = ${core}Table('boats', ` +
      `{ id: ${number}('id').primaryKey(), sail: text('sail') });\n`,
    'src/db/schema/index.ts': `${index}export * from './boats';\n`,
  };
}

/** `guard rebase` where `topic` has that table in its journal, and is rebased onto folders. */
async function tableInRebase(
  dialect: Switched,
  edit = (sql: string): string => sql,
  isInBase = false,
) {
  const repo = await branches(dialect);
  const boats = await withBoats(repo);
  const files = await grownBy(await grownProject(dialect), 'boats', boats);
  const sql = Object.keys(files).find((name) => name.endsWith('_boats.sql')) ?? '';
  const edited = edit(files[sql] ?? '');
  await writeFiles(repo.dir, { ...files, [sql]: edited });
  await repo.commit('boats in the journal');
  await repo.git('checkout', '-q', 'main');
  if (isInBase) await writeFiles(repo.dir, boats);
  await repo.moves('theirs');
  await repo.git('checkout', '-q', 'topic');
  await repo.run('git', ['rebase', '-q', 'main']);
  const done = await repo.guard(['rebase']);
  const folder = (await repo.folders()).find((name) => name.endsWith('_boats')) ?? '';
  return { repo, done, path: `drizzle/${folder}/migration.sql` };
}

async function merging(repo: Branches, other: string, ...both: readonly string[]): Promise<void> {
  await repo.run('git', ['merge', '-q', '--no-commit', '--no-ff', other]);
  await repo.schema(...both);
  await repo.git('add', SCHEMA);
}

// On SQLite the first migration of 1.x makes unique constraints of what 0.31 had as indexes.
it.each(WHOLE ? (['postgresql', 'mysql'] as const) : (['postgresql'] as const))(
  '%s: what goes together is moved as `up` does it',
  async (dialect) => {
    const repo = await branches(dialect);
    await repo.stays('mine', 'more');
    const sql = await repo.run('sh', ['-c', 'cat drizzle/0004_with_mine.sql']);
    await repo.git('checkout', '-q', 'main');
    await repo.moves('theirs');
    await repo.git('checkout', '-q', 'topic');
    const report = await repo.check('--base', 'main');
    expect(refusals(report)).toContain('branch-conflict');
    expect(JSON.stringify(report.findings)).toContain('npx drizzle-guard rebase');
    await merging(repo, 'main', 'theirs', 'mine', 'more');
    const done = await repo.guard(['rebase', '--onto', 'main']);
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout).toContain('moved as drizzle-kit up moves it');
    expect(done.stdout).not.toContain('has to be reset');
    const moved = (await repo.folders()).find((name) => name.endsWith('_with_mine')) ?? '';
    expect(await repo.read(`drizzle/${moved}/migration.sql`)).toBe(sql.stdout);
    await repo.nothingLeft();
    await repo.commit('merged');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  },
);

const boats = (...columns: readonly string[]): string =>
  "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n" +
  "export const boats = sqliteTable('boats', { id: integer('id').primaryKey(), " +
  `${columns.map((name) => `${name}: text('${name}')`).join(', ')} });\n`;

/**
 * A branch that adds a table to the journal, and then switches.
 * @param edit what somebody makes of the SQL of 0.31
 * @returns what is refused of both commits, with all that is changed since
 */
async function switchedAfter(edit: (sql: string) => string) {
  const repo = await branches('sqlite');
  const index = await repo.read('src/db/schema/index.ts');
  const changed = {
    'src/db/schema/boats.ts': boats('sail'),
    'src/db/schema/index.ts': `${index}export * from './boats';\n`,
  };
  const manifest = await repo.read('package.json');
  const files = await grownBy(await grownProject('sqlite'), 'boats', changed);
  const sql = Object.keys(files).find((path) => path.endsWith('_boats.sql')) ?? '';
  await writeFiles(repo.dir, {
    ...files,
    [sql]: edit(files[sql] ?? ''),
    'package.json': '{ "type": "module", "devDependencies": { "drizzle-kit": "^0.31.0" } }',
  });
  await repo.commit('in the journal');
  await repo.write('package.json', manifest);
  await repo.moves('theirs');
  await repo.git('reset', '-q', '--soft', 'HEAD~1');
  const amended = async (): Promise<readonly string[]> => {
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '--amend', '--no-edit');
    return refusals(await repo.check('--base', 'main'));
  };
  return { repo, amended };
}

it.each([
  ['a statement more', (sql: string) => `${sql}--> statement-breakpoint\nDELETE FROM teams;`],
  ['another type', (sql: string) => sql.replace('`sail` text', '`sail` integer')],
  ['nothing of it', () => 'SELECT 1;'],
] as const)(
  'sqlite: nothing that was edited before the switch passes with it: %s',
  async (_, edit) => {
    const { amended } = await switchedAfter(edit);
    expect(await amended()).toEqual(['sql-edited']);
  },
);

it('sqlite: a branch that adds a migration to the journal, and then switches', async () => {
  const { repo, amended } = await switchedAfter((sql) => sql);
  expect(await amended()).toEqual([]);
  // Its SQL says what 1.x generates in the words of 0.31, as long as its snapshot is what `up` made.
  const folder = (await repo.folders()).find((name) => name.endsWith('_boats')) ?? '';
  expect(await repo.read(`drizzle/${folder}/migration.sql`)).toContain('PRIMARY KEY NOT NULL');
  for (const name of (await repo.folders()).filter((one) => one >= folder)) {
    const path = `drizzle/${name}/snapshot.json`;
    const json = JSON.parse(await repo.read(path)) as { ddl: { table?: string; name: string }[] };
    const more = json.ddl
      .filter((row) => row.table === 'boats' && row.name === 'sail')
      .map((row) => ({ ...row, name: 'motor' }));
    expect(more).toHaveLength(1);
    await repo.write(path, JSON.stringify({ ...json, ddl: [...json.ddl, ...more] }));
  }
  await repo.write('src/db/schema/boats.ts', boats('sail', 'motor'));
  expect(await amended()).toEqual(['sql-edited']);
});

describe.each(DIALECTS)('%s: a branch with a journal, and a base with folders', (dialect) => {
  it('what does not is put on top, in a rebase', async () => {
    const repo = await branches(dialect);
    await repo.stays('same', 'mine');
    await repo.git('checkout', '-q', 'main');
    await repo.moves('same', 'theirs');
    await repo.git('checkout', '-q', 'topic');
    await repo.run('git', ['rebase', '-q', 'main']);
    await repo.schema('same', 'theirs', 'mine');
    await repo.git('add', SCHEMA);
    const done = await repo.guard(['rebase']);
    expect(done).toMatchObject({ exitCode: 0 });
    const folders = await repo.folders();
    expect(folders.some((name) => name.endsWith('_with_same'))).toBe(false);
    const mine = folders.filter((name) => /_(?:with_mine|last_by_hand)$/.test(name));
    expect(mine).toHaveLength(2);
    const [first = '', second = ''] = mine;
    expect(await repo.read(`drizzle/${first}/migration.sql`)).toMatch(/ADD (?:COLUMN )?[`"]mine/);
    expect(await repo.read(`drizzle/${second}/migration.sql`)).toBe(
      "UPDATE teams SET note = 'x';\n",
    );
    await repo.nothingLeft();
  });

  it('a table in the words of 0.31 is written in those of 1.x, in a rebase', async () => {
    const { repo, path, done } = await tableInRebase(dialect);
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout).toContain('generated again');
    expect(done.stdout).not.toContain('still be refused');
    expect(await repo.read(path)).toMatch(/[`"]id[`"] int\w* PRIMARY KEY,/);
    await repo.nothingLeft();
    await repo.run('git', ['-c', 'core.editor=true', 'rebase', '--continue']);
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
  });

  it.each([
    ['another type', (sql: string) => sql.replace(/(sail[`"]) text/, '$1 char(9)')],
    ['one more column', (sql: string) => sql.replace('text', 'text, more text')],
    ['one more statement', (sql: string) => `${sql}\n--> statement-breakpoint\nDELETE FROM boats;`],
  ])('%s is by hand still', async (_, edit) => {
    const { repo, done } = await tableInRebase(dialect, edit);
    expect(done.stdout).toContain('still be refused');
    await repo.run('git', ['-c', 'core.editor=true', 'rebase', '--continue']);
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toContain('sql-edited');
  });

  it('what the base has too is left out, also in the words of 0.31', async () => {
    const { repo, done } = await tableInRebase(dialect, undefined, true);
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout).toContain('left out');
    await repo.nothingLeft();
  });

  it('the other way round: the journal of the base is moved', async () => {
    const repo = await branches(dialect);
    await repo.moves('mine', 'same');
    await repo.git('checkout', '-q', 'main');
    await repo.stays('same');
    await repo.git('checkout', '-q', 'topic');
    expect(refusals(await repo.check('--base', 'main'))).toContain('branch-conflict');
    await merging(repo, 'main', 'same', 'mine');
    const done = await repo.guard(['rebase', '--onto', 'main']);
    expect(done).toMatchObject({ exitCode: 0 });
    await repo.nothingLeft();
  });

  it('stops where the base changed what both began with', async () => {
    const repo = await branches(dialect);
    await repo.stays('mine');
    await repo.git('checkout', '-q', 'main');
    await repo.moves();
    const [first = ''] = await repo.folders();
    await repo.write(`drizzle/${first}/migration.sql`, 'SELECT 1;');
    await repo.commit('edited');
    await repo.git('checkout', '-q', 'topic');
    await merging(repo, 'main', 'mine');
    const stopped = await repo.guard(['rebase', '--onto', 'main']);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toContain(first);
    expect(stopped.stdout).toContain('git restore --source=main');
  });
});

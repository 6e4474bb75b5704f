import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { linkModules } from '../support/drizzle-project.ts';
import { linkKit1 } from '../support/kit1.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';
import { paste } from '../situations/pasting.ts';

let repo: Scene1;
beforeAll(async () => {
  repo = await scene1('rc5', 'postgresql', { shared: true });
  await repo.grow([]);
  await repo.commit('first');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(async () => {
  await repo.git('reset', '-q', '--hard');
  await repo.git('clean', '-qfd');
});

const sqlOf = (folder: string): string => `drizzle/${folder}/migration.sql`;
const staged = async (): Promise<readonly string[]> => {
  await repo.git('add', '--all');
  return refusals(await repo.check());
};

test('views that are new together may read each other, and not what comes later', async () => {
  const folder = await repo.grow(
    [],
    "import { pgView } from 'drizzle-orm/pg-core';\n" +
      "export const base = pgView('v').as((qb) => qb.select().from(teams));\n" +
      "export const above = pgView('a').as((qb) => qb.select().from(base));\n",
  );
  expect(await staged()).toEqual([]);
  const sql = await repo.git('show', `:${sqlOf(folder)}`);
  await repo.write(
    sqlOf(folder),
    sql.split('--> statement-breakpoint\n').toReversed().join('--> statement-breakpoint\n'),
  );
  expect(await staged()).toEqual(['sql-edited']);
});

test('the half of a change that is not staged is named', async () => {
  await repo.grow(['a']);
  await repo.stage('schema.ts');
  const { findings } = await repo.check();
  expect(findings.map(({ rule }) => rule)).toEqual(['split-commit']);
  expect(findings[0]?.detail).toContain('snapshot.json  (not tracked yet)');
  await repo.git('reset', '-q');
  await repo.stage('drizzle');
  expect(refusals(await repo.check())).toEqual(['split-commit']);
});

test('an edit with a reason passes, in the SQL or in the config of the guard', async () => {
  const folder = await repo.grow(['a']);
  const write = (update: string): Promise<void> =>
    repo.write(
      sqlOf(folder),
      `ALTER TABLE "teams" ADD COLUMN "a" text;--> statement-breakpoint\n${update}`,
    );
  await write("-- guard-allow sql-edited: no rows have it\nUPDATE teams SET a = 'b';");
  expect(await staged()).toEqual([]);
  await write("UPDATE teams SET a = 'b';");
  expect(await staged()).toEqual(['sql-edited']);
  const allow = [{ rule: 'sql-edited', migration: folder, reason: 'no rows have it' }];
  await repo.write('package.json', JSON.stringify({ type: 'module', guard: { allow } }));
  expect(await staged()).toEqual([]);
});

test('`casing`, which 1.x does not read, is noted by the change that sets it', async () => {
  await repo.write(
    'drizzle.config.ts',
    "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle', casing: 'snake_case' };\n",
  );
  await repo.git('add', '--all');
  const report = await repo.check();
  expect([report.outcome, report.notEvaluated?.map(({ why }) => why)]).toEqual([
    'passed',
    ['its `casing` has no effect: drizzle-kit 1.x names columns as the schema does'],
  ]);
});

test('what was made on a migration that went is made again, not what drizzle-kit would drop', async () => {
  await using sqlite = await scene1('rc5', 'sqlite', { shared: true });
  await sqlite.grow([]);
  await sqlite.commit('first');
  const dropped = await sqlite.grow(['a']);
  await sqlite.commit('one that is rebased away');
  await sqlite.grow(['a', 'b']);
  await sqlite.git('rm', '-rq', `drizzle/${dropped}`);
  await sqlite.schema(['b']);
  await sqlite.git('reset', '-q', '--soft', 'HEAD~1');
  await sqlite.git('add', '--all');
  const report = await sqlite.check();
  expect(refusals(report)).toEqual(['snapshot-chain']);
  // Where it was committed past the guard, its chain is not new, but still what comes first.
  await sqlite.commit('past the guard');
  await sqlite.schema(['b', 'c']);
  await sqlite.git('add', '--all');
  const { findings } = await sqlite.check();
  expect(findings.map(({ rule }) => rule)).toEqual(['schema-drift']);
  expect(findings[0]?.fix).toEqual([{ text: expect.stringContaining('(snapshot-chain; ') }]);
  await sqlite.git('reset', '-q', '--soft', 'HEAD~1');
  await sqlite.schema(['b']);
  await sqlite.git('add', '--all');
  await paste(sqlite, { folder: 'src' }, report);
  expect(refusals(await sqlite.check())).toEqual([]);
  const sql = await sqlite.git('grep', '--cached', '-h', '-e', '', '--', 'drizzle/*.sql');
  expect(sql).toContain('ADD `b` text');
  expect(sql).not.toContain('DROP');
});

test('folders, and a drizzle-kit of 0.31: whatever is committed near them is refused', async () => {
  const folder = await repo.grow(['a']);
  await rm(join(repo.dir, 'node_modules'), { recursive: true });
  await linkModules(repo.dir);
  try {
    expect(await staged()).toEqual(['journal-invalid', 'sql-edited']);
    await repo.git('rm', '-rqf', `drizzle/${folder}`);
    expect(await staged()).toEqual(['journal-invalid']);
  } finally {
    await rm(join(repo.dir, 'node_modules'), { recursive: true });
    await linkKit1(repo.dir, 'rc5');
  }
});

test('migrations that a checkout brings or takes are announced', async () => {
  const from = (await repo.git('rev-parse', 'HEAD')).trim();
  await repo.grow(['a']);
  const to = await repo.commit('one more');
  const said = async (...args: string[]): Promise<string> =>
    (await repo.guard(['post-checkout', ...args, '1'])).stderr;
  expect(await said(from, to)).toMatch(
    /^drizzle-guard: 1 new migration arrived: run `.*npx drizzle-kit migrate \)`\n$/,
  );
  expect(await said(to, from)).toMatch(
    /^drizzle-guard: 1 migration is not in this version \(\d{14}_step\): a database that has /,
  );
  await repo.git('reset', '-q', '--hard', from);
});

test.each([
  ['sqlite', 'sqliteTable', 'integer'],
  ['mysql', 'mysqlTable', 'int'],
] as const)(
  '%s: an index that becomes unique is no drift, as for drizzle-kit',
  async (dialect, table, integer) => {
    await using other = await scene1('rc5', dialect, { shared: true });
    const more = (index: string): string =>
      `import * as core from 'drizzle-orm/${dialect}-core';\nexport const owners = core.${table}('owners', { n: core.${integer}('n') }, (t) => [core.${index}('by_n').on(t.n)]);\n`;
    expect(await other.grow([], more('index'))).not.toBe('');
    await other.commit('before');
    // A drizzle-kit that sees it makes this fail: then the documentation is to be changed.
    expect(await other.grow([], more('uniqueIndex'))).toBe('');
    await other.git('add', '--all');
    expect((await other.check()).outcome).toBe('passed');
    expect(await other.grow(['a'], more('uniqueIndex'))).not.toBe('');
  },
);

test('a name in a snapshot that no database has: the next migration would drop what is not there', async () => {
  await using mssql = await scene1('rc5', 'mssql', { shared: true });
  const kinds =
    "export const kinds = table('kinds', { id: integer('id').primaryKey().default(1) });\n";
  await mssql.grow([], kinds);
  await mssql.commit('first');
  const folder = await mssql.grow(['a'], kinds);
  await mssql.git('add', '--all');
  expect(refusals(await mssql.check())).toEqual([]);
  const path = `drizzle/${folder}/snapshot.json`;
  const text = await mssql.git('show', `:${path}`);
  expect(text).toContain('"kinds_id_default"');
  await mssql.write(path, text.replace('"kinds_id_default"', '"kinds_default"'));
  await mssql.git('add', '--all');
  const report = await mssql.check();
  expect(refusals(report)).toEqual(['sql-edited']);
  await paste(mssql, { folder: 'src/db' }, report);
  expect(refusals(await mssql.check())).toEqual([]);
});

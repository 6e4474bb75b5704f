import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linkKit1, type Dialect1 } from '../support/kit1.ts';
import { WHOLE } from '../support/run-settings.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';
import { up1 } from '../support/switch.ts';

const ASKED = [
  ['--commit', 'HEAD'],
  ['--range', 'start..HEAD'],
  ['--base', 'start'],
] as const;

/** Two commits of rc.4 whose package.json declares this, and rc.5 installed since. */
async function begun(
  dialect: Dialect1,
  declared: string,
): Promise<{ readonly repo: Scene1; readonly names: (version: string) => Promise<void> }> {
  const repo = await scene1('rc4', dialect);
  const names = (version: string): Promise<void> =>
    repo.write(
      'package.json',
      JSON.stringify({ type: 'module', devDependencies: { 'drizzle-kit': version } }),
    );
  await names(declared);
  await repo.grow(['a']);
  await repo.commit('start');
  await repo.git('tag', 'start');
  await repo.grow(['a', 'b']);
  await repo.commit('a migration');
  await rm(join(repo.dir, 'node_modules'), { recursive: true });
  await linkKit1(repo.dir, 'rc5');
  return { repo, names };
}

it('commits of an older drizzle-kit 1.x, which their files name, are judged as `up` would leave them', async () => {
  const { repo, names } = await begun('postgresql', '1.0.0-rc.4');
  for (const args of ASKED) {
    const report = await repo.check(...args);
    expect(refusals(report), args[0]).toEqual([]);
    expect(report.notEvaluated, args[0]).toEqual([
      {
        config: 'drizzle.config.ts',
        why: 'of commits whose own files name an older drizzle-kit, its snapshots are checked as drizzle-kit up of 1.0.0-rc.5 would leave them',
        checked: true,
      },
    ]);
  }
  // What is committed now is written by the installed one.
  await repo.write('note.txt', '1');
  await repo.schema(['a', 'b', 'c']);
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['snapshot-invalid']);
  // A column without its migration, and SQL that is edited, are refused as ever.
  await repo.commit('drift');
  const both = await repo.check('--range', 'start..HEAD');
  expect([refusals(both), both.notEvaluated?.length]).toEqual([['schema-drift'], 1]);
  await repo.schema(['a', 'b']);
  const [, folder = ''] = (await readdir(join(repo.dir, 'drizzle'))).sort();
  await repo.git('reset', '-q', '--soft', 'HEAD~2');
  await repo.write(`drizzle/${folder}/migration.sql`, 'SELECT 1;');
  await repo.commit('edited');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['sql-edited']);
  await repo.write(`drizzle/${folder}/migration.sql`, 'ALTER TABLE "teams" ADD COLUMN "b" text;');
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '--amend', '--no-edit');
  // The commit that moves to the new one.
  await names('1.0.0-rc.5');
  await up1('rc5', repo.dir, 'postgresql');
  await repo.commit('up');
  expect(refusals(await repo.check('--base', 'start'))).toEqual([]);
  // One whose files name no other.
  await repo.git('reset', '-q', '--hard', 'HEAD~1');
  await names('1.0.0-rc.5');
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '--amend', '--no-edit');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-invalid');
});

it('so are those whose range reaches an older one, as long as `up` has not run', async () => {
  const { repo, names } = await begun('postgresql', '^1.0.0-rc.4');
  const [, folder = ''] = (await readdir(join(repo.dir, 'drizzle'))).sort();
  const sql = `drizzle/${folder}/migration.sql`;
  const amend = async (): Promise<void> => {
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '--amend', '--no-edit');
  };
  for (const args of ASKED) expect(refusals(await repo.check(...args)), args[0]).toEqual([]);
  await repo.write(sql, 'SELECT 1;');
  await amend();
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['sql-edited']);
  // A range that only the installed one and later ones satisfy, and a lock file that names it.
  await repo.write(sql, 'ALTER TABLE "teams" ADD COLUMN "b" text;');
  await names('^1.0.0-rc.5');
  await amend();
  expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-invalid');
  await names('^1.0.0-rc.4');
  await repo.write(
    'package-lock.json',
    '{ "packages": { "node_modules/drizzle-kit": { "version": "1.0.0-rc.5" } } }',
  );
  await amend();
  expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-invalid');
  await repo.remove('package-lock.json');
  await amend();
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  // After `up`, snapshots of the old version come back: one of them, and all.
  expect(await up1('rc5', repo.dir, 'postgresql')).toMatchObject({ status: 'ok' });
  await repo.commit('up');
  expect(refusals(await repo.check('--range', 'start..HEAD'))).toEqual([]);
  await repo.git('checkout', 'HEAD~1', '--', `drizzle/${folder}`);
  await repo.commit('one goes back');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-invalid');
  await repo.git('checkout', 'HEAD~2', '--', 'drizzle');
  await amend();
  expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-invalid');
});

it.each([['sqlite', '1.0.0-rc.4'], ...(WHOLE ? ([['mysql', '^0.31.0']] as const) : [])] as const)(
  '%s: SQL of folders is compared, though %s is named',
  async (dialect, declared) => {
    const { repo } = await begun(dialect, declared);
    for (const args of ASKED) expect(refusals(await repo.check(...args)), args[0]).toEqual([]);
    const [, folder = ''] = (await readdir(join(repo.dir, 'drizzle'))).sort();
    await repo.write(`drizzle/${folder}/migration.sql`, 'SELECT 1;');
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '--amend', '--no-edit');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['sql-edited']);
  },
);

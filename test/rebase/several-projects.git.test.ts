import { expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import { grow, grownScene, JOURNAL } from '../tampering/grown-history.ts';

const BILLING = 'billing/drizzle/meta/_journal.json';

/** Beside `drizzle`, the migrations of a second project, of its own folder and dialect. */
async function twoProjects(...both: readonly string[]): Promise<Scene> {
  const repo = await grownScene();
  await repo.write(
    'billing/drizzle.config.ts',
    `export default { dialect: 'sqlite', schema: './billing/schema.ts', out: './billing/drizzle' };\n`,
  );
  const bill = async (...tables: string[]): Promise<void> => {
    await repo.write(
      'billing/schema.ts',
      `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n${tables.map((name) => `export const ${name} = sqliteTable('${name}', { id: integer() });\n`).join('')}`,
    );
    const names = tables.at(-1) ?? '';
    await repo.generate(names, { config: 'billing/drizzle.config.ts', out: 'billing/drizzle' });
  };
  await bill('bills');
  await repo.commit('billing');
  await repo.git('branch', 'topic');
  await grow(repo, 'colour');
  await bill('bills', 'taxes');
  await repo.columns('description', 'slogan', 'colour');
  await repo.commit('theirs');
  await repo.git('checkout', '-q', 'topic');
  if (both.includes('teams')) await grow(repo, 'notes');
  if (both.includes('billing')) await bill('bills', 'fees');
  await repo.columns('description', 'slogan', ...(both.includes('teams') ? ['notes'] : []));
  await repo.commit('mine');
  await repo.run('git', ['merge', '--no-commit', 'main']);
  if (both.includes('teams')) await repo.columns('description', 'slogan', 'colour', 'notes');
  if (both.includes('billing'))
    await repo.edit('billing/schema.ts', (text) =>
      text.replaceAll(/^(?:<<<<<<<|=======|>>>>>>>).*\n/gm, ''),
    );
  return repo;
}

const tags = async (repo: Scene, journal: string) =>
  (JSON.parse(await repo.read(journal)) as { entries: { tag: string }[] }).entries
    .slice(-2)
    .map(({ tag }) => tag);

it('both folders of one merge in one run, also from within one of them', async () => {
  const repo = await twoProjects('teams', 'billing');
  const { exitCode, stdout, stderr } = await repo.guard(['rebase', '--continue'], {
    cwd: `${repo.dir}/billing`,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^billing\/drizzle, on top[^]*^drizzle, on top/m);
  expect(stdout).toContain('put 2 migrations');
  expect(await tags(repo, JOURNAL)).toEqual(['0003_colour', '0004_notes']);
  expect(await tags(repo, BILLING)).toEqual(['0001_taxes', '0002_fees']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  expect(await repo.git('status', '--porcelain')).toBe('');
});

it('only one of them was changed on both sides: the other stays as git merged it', async () => {
  const repo = await twoProjects('billing');
  const { exitCode, stdout } = await repo.guard(['rebase', '--continue']);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('put 1 migration on top'),
  });
  expect(await tags(repo, JOURNAL)).toEqual(['0002_slogan', '0003_colour']);
  expect(await tags(repo, BILLING)).toEqual(['0001_taxes', '0002_fees']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('one stops: nothing is written in the other; --project does one alone', async () => {
  const repo = await twoProjects('teams', 'billing');
  const seen = () => repo.git('ls-files', '--stage');
  await repo.edit('billing/schema.ts', (text) => text.replace(/.*taxes.*\n/, ''));
  const before = await seen();
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /takes back.*taxes[^]*npx drizzle-guard rebase --continue --take-back/,
    ),
  });
  expect(await seen()).toBe(before);
  expect(await repo.guard(['rebase', '--project', 'drizzle.config.ts'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('put 1 migration on top'),
  });
  expect(await tags(repo, JOURNAL)).toEqual(['0003_colour', '0004_notes']);
  expect(await repo.git('ls-files', '--unmerged', '--', 'drizzle')).toBe('');
  expect(await repo.git('ls-files', '--unmerged', '--', BILLING)).not.toBe('');
  expect(await repo.guard(['rebase', '--project', 'nowhere'])).toMatchObject({ exitCode: 2 });
  const { stdout } = await repo.guard(['rebase', '--take-back', '--continue']);
  expect(stdout).toContain(
    '0001_fees -> 0002_fees  generated again: the merged schema removed taxes',
  );
  expect(await repo.read('billing/drizzle/0002_fees.sql')).toContain('DROP TABLE `taxes`');
});

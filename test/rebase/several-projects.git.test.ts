import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import { grow, grownScene, JOURNAL, reset } from '../tampering/grown-history.ts';

const BILLING = 'billing/drizzle/meta/_journal.json';

/**
 * Beside `drizzle`, the migrations of a second project, of its own folder and dialect. `main` has a
 * migration in each, `both` too, `bills` only in the second.
 */
let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await repo.write(
    'billing/drizzle.config.ts',
    `export default { dialect: 'sqlite', schema: './billing/schema.ts', out: './billing/drizzle' };\n`,
  );
  await bill('bills');
  await repo.commit('billing');
  for (const [branch, column, table] of [
    ['both', 'notes', 'fees'],
    ['bills', undefined, 'fees'],
    ['theirs', 'colour', 'taxes'],
  ] as const) {
    await repo.git('checkout', '-q', '-b', branch, 'main');
    if (column !== undefined) await grow(repo, column);
    await repo.columns('description', 'slogan', ...(column === undefined ? [] : [column]));
    await bill('bills', table);
    await repo.commit(branch);
  }
  await repo.git('branch', '-f', 'main', 'theirs');
});
afterAll(() => repo[Symbol.asyncDispose]());

async function bill(...tables: readonly string[]): Promise<void> {
  await repo.write('billing/schema.ts', billing(...tables));
  const name = tables.at(-1) ?? '';
  await repo.generate(name, { config: 'billing/drizzle.config.ts', out: 'billing/drizzle' });
}

const billing = (...tables: readonly string[]): string =>
  `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n${tables.map((name) => `export const ${name} = sqliteTable('${name}', { id: integer() });\n`).join('')}`;

/** `main` merged into a branch; the schemas are resolved. */
async function merged(branch: 'both' | 'bills'): Promise<void> {
  await repo.run('git', ['merge', '--abort']);
  await reset(repo);
  await repo.git('checkout', '-q', '-B', 'work', branch);
  await repo.run('git', ['merge', '--no-commit', 'main']);
  if (branch === 'both') await repo.columns('description', 'slogan', 'colour', 'notes');
  await repo.write('billing/schema.ts', billing('bills', 'fees', 'taxes'));
}

const tags = async (journal: string) =>
  (JSON.parse(await repo.read(journal)) as { entries: { tag: string }[] }).entries
    .slice(-2)
    .map(({ tag }) => tag);

it('both folders of one merge in one run, also from within one of them', async () => {
  await merged('both');
  const { exitCode, stdout, stderr } = await repo.guard(['rebase', '--continue'], {
    cwd: `${repo.dir}/billing`,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^billing\/drizzle, on top[^]*^drizzle, on top/m);
  expect(stdout).toContain('put 2 migrations');
  expect(await tags(JOURNAL)).toEqual(['0003_colour', '0004_notes']);
  expect(await tags(BILLING)).toEqual(['0001_taxes', '0002_fees']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  expect(await repo.git('status', '--porcelain')).toBe('');
});

it('only one of them was changed on both sides: the other stays as git merged it', async () => {
  await merged('bills');
  const { exitCode, stdout } = await repo.guard(['rebase', '--continue']);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('put 1 migration on top'),
  });
  expect(await tags(JOURNAL)).toEqual(['0002_slogan', '0003_colour']);
  expect(await tags(BILLING)).toEqual(['0001_taxes', '0002_fees']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('one stops: nothing is written in the other; --project does one alone', async () => {
  await merged('both');
  const seen = () => repo.git('ls-files', '--stage');
  await repo.write('billing/schema.ts', billing('bills', 'fees'));
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
  expect(await tags(JOURNAL)).toEqual(['0003_colour', '0004_notes']);
  expect(await repo.git('ls-files', '--unmerged', '--', 'drizzle')).toBe('');
  expect(await repo.git('ls-files', '--unmerged', '--', BILLING)).not.toBe('');
  expect(await repo.guard(['rebase', '--project', 'nowhere'])).toMatchObject({ exitCode: 2 });
  const { stdout } = await repo.guard(['rebase', '--take-back', '--continue']);
  expect(stdout).toContain(
    '0001_fees -> 0002_fees  generated again: the merged schema removed taxes',
  );
  expect(await repo.read('billing/drizzle/0002_fees.sql')).toContain('DROP TABLE `taxes`');
});

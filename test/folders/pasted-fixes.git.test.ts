import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusals } from '../support/scene.ts';
import { paste } from '../situations/pasting.ts';
import { FAULTS, grown, type Fault, type Grown } from './planted.ts';

let one: Grown;
beforeAll(async () => {
  one = await grown('rc5', 'postgresql');
});
afterAll(() => one.repo[Symbol.asyncDispose]());

/** What is left for a person to decide, when everything has been pasted. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  'the schema throws': ['schema-unreadable'],
};

/** Installing what package.json names, which here is nothing, would take drizzle-kit away. */
const BY_INSTALLING = 'a snapshot of a newer version';

const moved = async ({ repo }: Grown): Promise<void> => {
  await repo.git('mv', 'drizzle', 'db');
  await repo.write('drizzle.config.ts', (await config(repo)).replace('./drizzle', './db'));
};
const config = (repo: Grown['repo']): Promise<string> => repo.git('show', 'HEAD:drizzle.config.ts');

/** How a fix that goes by the paths of now would take published migrations away. */
const STAGED: readonly Fault[] = [
  {
    name: 'a published folder is taken out of the index alone',
    make: ({ repo, middle }) => repo.git('rm', '-rq', '--cached', `drizzle/${middle}`),
    refused: ['split-commit', 'migration-removed'],
  },
  {
    name: 'the folder is moved, but for one migration',
    make: async (made) => {
      await moved(made);
      await made.repo.git('rm', '-rqf', `db/${one.middle}`);
    },
    refused: ['migration-removed'],
  },
  {
    name: 'the folder is moved, and published SQL is edited',
    make: async (made) => {
      await moved(made);
      await made.repo.write(`db/${one.middle}/migration.sql`, 'SELECT 1;');
    },
    refused: ['migration-edited'],
  },
  {
    name: 'the folder is moved, and new SQL in it is edited',
    make: async (made) => {
      const { repo } = made;
      const folder = await repo.grow(['a', 'b', 'c']);
      await repo.git('add', 'drizzle');
      await moved(made);
      await repo.write(`db/${folder}/migration.sql`, 'SELECT 1;');
    },
    refused: ['sql-edited'],
  },
  {
    name: 'the config names another dialect',
    make: async ({ repo }) =>
      repo.write('drizzle.config.ts', (await config(repo)).replace('postgresql', 'mysql')),
    refused: ['snapshot-invalid', 'snapshot-invalid', 'snapshot-invalid'],
  },
];

test.each(STAGED)('$name: pasted, the published ones are there', async ({ make, refused }) => {
  const { repo, first, middle, last } = one;
  await repo.git('reset', '-q', '--hard');
  await repo.git('clean', '-qfd');
  await make(one);
  await repo.git('add', '--update');
  const report = await repo.check();
  expect(refusals(report)).toEqual(refused);
  await paste(repo, { folder: 'src/db' }, report);
  const after = await repo.check();
  expect(after.outcome).not.toBe('unable');
  expect(refusals(after), JSON.stringify(after.findings, null, 2)).toEqual([]);
  const there = await repo.git('ls-files', '--', '*/migration.sql');
  for (const name of [first, middle, last]) expect(there).toContain(name);
});

const REFUSED = FAULTS.filter(({ refused, on }) => (on?.postgresql ?? refused).length > 0);

test.each(REFUSED.filter(({ name }) => name !== BY_INSTALLING))(
  '$name: pasted in a subfolder',
  async ({ name, make }) => {
    const { repo } = one;
    await repo.git('reset', '-q', '--hard');
    await repo.git('clean', '-qfd');
    await make(one);
    await repo.git('add', '--all');
    const report = await repo.check();
    await paste(repo, { folder: 'src/db' }, report);
    const after = await repo.check();
    expect(after.outcome).not.toBe('unable');
    expect(refusals(after), JSON.stringify(after.findings, null, 2)).toEqual(LEFT[name] ?? []);
  },
);

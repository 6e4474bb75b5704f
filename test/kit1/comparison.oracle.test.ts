import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sample, SEED } from '../support/run-settings.ts';
import { reset } from '../tampering/grown-history.ts';
import comparison from './comparison.json' with { type: 'json' };
import { DESCRIPTION, FAULTS, INIT, NOTES, SLOGAN } from './faults.ts';
import { measure } from './measure.ts';
import { scene1, type Scene1 } from './scene.ts';

it('every fault has a row, about the drizzle-kit that is installed', async () => {
  expect(comparison.rows.map(({ id }) => id)).toEqual(Object.keys(FAULTS));
  const installed = join(import.meta.dirname, '../kits/rc5/node_modules/drizzle-kit/package.json');
  expect(JSON.parse(await readFile(installed, 'utf8'))).toMatchObject({ version: comparison.kit });
});

/** Three migrations in git, and the fourth with its schema change in the working tree. */
describe.each(['postgresql', 'sqlite'] as const)('%s', (dialect) => {
  let repo: Scene1;
  let start = '';
  beforeAll(async () => {
    repo = await scene1('rc5', dialect, { shared: true });
    await repo.migration(INIT);
    await repo.columns('description');
    await repo.migration(DESCRIPTION);
    await repo.columns('description', 'slogan');
    await repo.migration(SLOGAN);
    start = await repo.commit('grown');
  });
  afterAll(() => repo[Symbol.asyncDispose]());
  beforeEach(async () => {
    await reset(repo, start);
    await repo.columns('description', 'slogan', 'notes');
    await repo.migration(NOTES);
  });

  it.each(
    sample(
      comparison.rows.filter((row) => row[dialect] !== undefined),
      12,
    ),
  )(`$what, seed ${SEED}`, async ({ id, ...row }) => {
    await FAULTS[id]!(repo);
    expect(await measure(repo, id === 'two-commits' ? 'src' : '.')).toEqual(row[dialect]);
  });
});

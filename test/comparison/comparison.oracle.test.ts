import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oracle } from '../support/oracle.ts';
import { sample, SEED } from '../support/run-settings.ts';
import { refusals, type Scene } from '../support/scene.ts';
import { grow, grownScene, reset } from '../tampering/grown-history.ts';
import comparison from './comparison.json' with { type: 'json' };
import { measure } from './measure.ts';
import { TAMPERINGS } from './tamperings.ts';

/**
 * Three migrations in git, and the fourth with its schema change in the working tree: what is
 * tampered with is new.
 */
let repo: Scene;
let start = '';
beforeAll(async () => {
  repo = await grownScene({ shared: true });
  start = (await repo.git('rev-parse', 'HEAD')).trim();
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(async () => {
  await reset(repo, start);
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
});

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

it('the comparison is about the drizzle-kit that is installed, and about tamperings that there are', () => {
  const installed: unknown = JSON.parse(
    readFileSync(join(repo.dir, 'node_modules/drizzle-kit/package.json'), 'utf8'),
  );
  expect(installed).toMatchObject({ version: comparison.kit });
  expect(Object.keys(TAMPERINGS)).toEqual(
    expect.arrayContaining(comparison.rows.map(({ id }) => id)),
  );
});

it('a change as drizzle-kit left it passes, which is what drizzle-kit itself says', async () => {
  expect(await stagedCheck()).toMatchObject({
    outcome: 'passed',
    findings: [],
    preexisting: 0,
    projects: [{ migrations: 4 }],
  });
  expect(await oracle(repo.dir)).toMatchObject({ verdict: 'clean' });
});

const ONE_RULE = Object.entries(TAMPERINGS).filter(([, { rule }]) => rule !== undefined);

describe('refused by one rule, and named', () => {
  it.each(ONE_RULE)('%s', async (_, { tamper, rule, says, path }) => {
    await tamper(repo);
    const report = await stagedCheck();
    expect(refusals(report)).toEqual([rule]);
    expect(report.findings[0]).toMatchObject({ path, message: expect.stringMatching(says ?? /./) });
    expect(report.findings[0]?.fix.length).toBeGreaterThan(0);
  });
});

/**
 * Those that the guard was not asked about above, and a sample of the others: drizzle-kit is
 * started twice for each.
 */
const COMPARED = new Set([
  ...comparison.rows.filter(({ id }) => TAMPERINGS[id]?.rule === undefined),
  ...sample(comparison.rows, 8),
]);

describe(`what each tool notices, seed ${SEED}`, () => {
  it.each([...COMPARED])('$what', async ({ id, generate, check, guard }) => {
    await TAMPERINGS[id]!.tamper(repo);
    expect(await measure(repo, id === 'two-commits' ? 'src' : '.')).toEqual({
      generate,
      check,
      guard,
    });
  });
});

it('says both readings of a rename', async () => {
  await TAMPERINGS['rename-pending']!.tamper(repo);
  const [finding] = (await stagedCheck()).findings;
  expect(finding?.detail).toMatch(
    /If it was created:[\s\S]*ADD COLUMN "remarks"[\s\S]*DROP COLUMN "notes"[\s\S]*If it was renamed:[\s\S]*RENAME COLUMN "notes" TO "remarks"/,
  );
});

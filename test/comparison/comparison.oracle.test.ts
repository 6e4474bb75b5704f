import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';
import { grow, grownScene, reset } from '../tampering/grown-history.ts';
import comparison from './comparison.json' with { type: 'json' };
import { measure } from './measure.ts';
import { TAMPERINGS } from './tamperings.ts';

/** Three migrations in git, and the fourth with its schema change in the working tree. */
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

it('is about the drizzle-kit that is installed, and about every tampering', () => {
  const installed: unknown = JSON.parse(
    readFileSync(join(repo.dir, 'node_modules/drizzle-kit/package.json'), 'utf8'),
  );
  expect(installed).toMatchObject({ version: comparison.kit });
  expect(comparison.rows.map(({ id }) => id).sort()).toEqual(Object.keys(TAMPERINGS).sort());
});

describe('what each tool notices', () => {
  it.each(comparison.rows)('$what', async ({ id, generate, check, guard }) => {
    await TAMPERINGS[id]!(repo);
    expect(await measure(repo, id === 'two-commits' ? 'src' : '.')).toEqual({
      generate,
      check,
      guard,
    });
  });
});

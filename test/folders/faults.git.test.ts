import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dialect1 } from '../support/kit1.ts';
import { sample, WHOLE } from '../support/run-settings.ts';
import { refusals } from '../support/scene.ts';
import { FAULTS, grown, type Grown } from './planted.ts';

/** What drizzle-kit lets pass differs; what the guard refuses hardly does. */
const DIALECTS: readonly Dialect1[] = WHOLE ? ['postgresql', 'sqlite', 'mysql'] : ['postgresql'];

describe.each(DIALECTS)('what drizzle-kit 1.x lets pass on %s, and what not', (dialect) => {
  let one: Grown;
  beforeAll(async () => {
    one = await grown('rc5', dialect);
  });
  afterAll(() => one.repo[Symbol.asyncDispose]());

  test.each(sample(FAULTS, 2))('$name', async ({ make, refused, on = {} }) => {
    const { repo } = one;
    await repo.git('reset', '-q', '--hard');
    await repo.git('clean', '-qfd');
    await make(one);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(on[dialect] ?? refused);
  });
});

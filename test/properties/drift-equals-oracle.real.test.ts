import fc from 'fast-check';
import { expect, it } from 'vitest';
import { play, steps } from './staging.ts';

it('whatever is edited, generated, staged and unstaged, the verdict on drift is that of drizzle-kit on the tree of the index', async () => {
  const total = { clean: 0, drift: 0, error: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const compared = await play('postgresql', played);
      for (const verdict of ['clean', 'drift', 'error'] as const) total[verdict] += compared[verdict];
    }),
    { numRuns: 3, seed: 20_240_506, endOnFailure: true },
  );
  expect(total.clean).toBeGreaterThan(0);
  expect(total.drift).toBeGreaterThan(0);
});

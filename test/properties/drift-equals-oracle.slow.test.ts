import fc from 'fast-check';
import { expect, it } from 'vitest';
import { play, steps } from './staging.ts';

it.each(['postgresql', 'sqlite', 'mysql'] as const)('%s: a dozen stories more, with a seed of the day', async (dialect) => {
  const seed = Math.floor(Date.now() / 86_400_000);
  const total = { clean: 0, drift: 0, error: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const compared = await play(dialect, played);
      for (const verdict of ['clean', 'drift', 'error'] as const) total[verdict] += compared[verdict];
    }),
    { numRuns: 12, seed, endOnFailure: true },
  );
  console.log(`${dialect}, seed ${seed}:`, total);
  expect(total.clean).toBeGreaterThan(10);
  expect(total.drift).toBeGreaterThan(10);
});

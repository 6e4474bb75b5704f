import { expect, it } from 'vitest';
import { playDays } from './day.ts';

/**
 * One and the same day each time; the files of the dialects play many, and a nightly run other
 * ones.
 */
it('the guard says of every staged tree what drizzle-kit says of its checkout: postgresql', async () => {
  const tally = await playDays({ dialect: 'postgresql', days: 1, seed: 20_240_506 });
  expect(tally.clean).toBeGreaterThan(0);
  expect(tally.drift).toBeGreaterThan(0);
});

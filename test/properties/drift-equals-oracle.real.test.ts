import { expect, it } from 'vitest';
import { playDays } from './day.ts';

/** The same few days each time; the slow test plays many, and other ones. */
it('the guard says of every staged tree what drizzle-kit says of its checkout: postgresql', async () => {
  const tally = await playDays({ dialect: 'postgresql', runs: 1, seed: 20_240_506, limit: 40_000 });
  expect(tally.clean).toBeGreaterThan(0);
  expect(tally.drift).toBeGreaterThan(0);
});

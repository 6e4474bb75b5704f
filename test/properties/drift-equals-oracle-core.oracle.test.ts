import { expect, it } from 'vitest';
import { playDays } from './day.ts';

/** One and the same day each time, played to its end however slow the machine is; the slow test plays many, and other ones. */
it(
  'the guard says of every staged tree what drizzle-kit says of its checkout: postgresql',
  { timeout: 600_000 },
  async () => {
    const tally = await playDays({
      dialect: 'postgresql',
      runs: 1,
      seed: 20_240_506,
      limit: 600_000,
    });
    expect(tally.clean).toBeGreaterThan(0);
    expect(tally.drift).toBeGreaterThan(0);
  },
);

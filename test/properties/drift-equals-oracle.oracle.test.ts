import { expect, it } from 'vitest';
import { playDays } from './day.ts';

/** `DAYS_SEED=<seed>` plays other days; without it a failure of CI comes again at the next run. */
const seed = Number(process.env['DAYS_SEED'] ?? 20_240_506);

/** `DAYS_MORE=10` plays ten times as many. */
const MORE = Number(process.env['DAYS_MORE'] ?? 1);

it.each([
  ['postgresql', 8],
  ['sqlite', 4],
  ['mysql', 4],
] as const)(
  'the guard says of every staged tree what drizzle-kit says of its checkout: %s',
  async (dialect, days) => {
    console.log(`${dialect}: DAYS_SEED=${seed}`);
    const tally = await playDays({ dialect, runs: days * MORE, seed, limit: 600_000 });
    console.log(
      `${dialect}: ${tally.clean} clean, ${tally.drift} drift, ${tally.error} that drizzle-kit could not judge`,
    );
    expect(tally.clean).toBeGreaterThan(0);
    expect(tally.drift).toBeGreaterThan(0);
  },
);

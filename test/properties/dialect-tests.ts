import { expect, it } from 'vitest';
import { SEED, WHOLE } from '../support/run-settings.ts';
import { playDays } from './day.ts';
import type { ModelDialect } from './model.ts';

/** Declares the test of a dialect; a whole run plays twenty times as many days. */
export function daysTest(dialect: ModelDialect, days: number): void {
  it(`the guard says of every staged tree what drizzle-kit says of its checkout: ${dialect}, seed ${SEED}`, async () => {
    const tally = await playDays({ dialect, days: WHOLE ? 20 * days : days, seed: SEED });
    console.log(
      `${dialect}: ${tally.clean} clean, ${tally.drift} drift, ${tally.error} that drizzle-kit could not judge`,
    );
    expect(tally.clean).toBeGreaterThan(0);
    expect(tally.drift).toBeGreaterThan(0);
  });
}

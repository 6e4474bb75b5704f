import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KITS_1 } from '../support/kit1.ts';
import { KIT1_DIALECTS, openKit1, spawnKit1 } from './kit.ts';
import { STEPS } from './steps/steps.ts';
import { openTruths, type Truth, type Truths } from './truth.ts';

/**
 * The truth comes from `drizzle-kit/cli`, loaded once; here drizzle-kit's program, started for each
 * step, has to write the same: for every eighth step, in a nightly run.
 */
describe.each(KITS_1)('drizzle-kit 1.0.0-%s', (kit) => {
  let close: () => void;
  let loaded: Truths;
  let spawned: Truths;

  beforeAll(async () => {
    const opened = await openKit1(kit);
    close = opened.close;
    loaded = await openTruths(kit, opened.run);
    spawned = await openTruths(kit, spawnKit1(kit), loaded);
  });
  afterAll(() => close());

  it.each(KIT1_DIALECTS)('%s: the program writes what its module writes', async (dialect) => {
    const steps = STEPS[dialect].filter((_, position) => position % 8 === 3);
    for (const step of steps) {
      const truths = [await loaded.of(dialect, step), await spawned.of(dialect, step)];
      const [one, other] = truths.map((truth) => ({ name: step.name, ...plain(truth) }));
      expect(other).toEqual(one);
    }
  });
});

/** Without what is drawn by lot or taken from the clock. */
function plain({ verdict, asked, written }: Truth): object {
  if (written === undefined) return { verdict, asked };
  const { id: _, ...snapshot } = written.snapshot;
  return { verdict, asked, sql: written.sql, snapshot };
}

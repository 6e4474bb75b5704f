import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorker } from '../../src/schema/thread/host.ts';
import { scratch } from '../support/drizzle-project.ts';
import { KITS_1, linkKit1 } from '../support/kit1.ts';
import { sample, SEED } from '../support/run-settings.ts';
import { judge, truthOf, type Judged } from './judge.ts';
import { KIT1_DIALECTS, openKit1 } from './kit.ts';
import { STEPS } from './steps/steps.ts';
import { openTruths, type Truths } from './truth.ts';

/** All steps in a nightly run; CI takes every thirtieth with rc.5, and fewer with rc.4. */
describe.each(KITS_1)('drizzle-kit 1.0.0-%s', (kit) => {
  const worker = openWorker({ env: {} });
  let top: string;
  let close: () => void;
  let truths: Truths;

  beforeAll(async () => {
    top = await scratch('drizzle-guard-kit1-');
    await linkKit1(top, kit);
    const opened = await openKit1(kit);
    close = opened.close;
    truths = await openTruths(kit, opened.run);
  });
  afterAll(async () => {
    close();
    await worker.close();
  });

  it.each(KIT1_DIALECTS)(
    `%s: verdict, parents, SQL and snapshot are those of generate, seed ${SEED}`,
    async (dialect) => {
      const steps = sample(STEPS[dialect], kit === 'rc5' ? 30 : 90);
      const disagreements: { name: string; guard: Judged; truth: Judged }[] = [];
      for (const step of steps) {
        const truth = await truths.of(dialect, step);
        const guard = await judge(top, worker, dialect, step, truth);
        if (!isDeepStrictEqual(guard, truthOf(truth)))
          disagreements.push({ name: step.name, guard, truth: truthOf(truth) });
      }
      expect(disagreements).toEqual([]);
    },
  );
});

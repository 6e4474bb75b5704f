import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withViewsAsIn } from '../../src/facts/sql-origin/views.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { splitStatements } from '../../src/sql/statements.ts';
import { mutantsOf, tokensOf } from '../corpus/mutants.ts';
import { scratch } from '../support/drizzle-project.ts';
import { KITS_1, linkKit1, type Dialect1 } from '../support/kit1.ts';
import { sample, SEED } from '../support/run-settings.ts';
import { expectedOf, judge, truthOf, type Judged } from './judge.ts';
import { KIT1_DIALECTS, openKit1 } from './kit.ts';
import type { Step } from './steps/step.ts';
import { STEPS } from './steps/steps.ts';
import { openTruths, type Truths } from './truth.ts';

/** Those with many steps. */
const MANY = ['postgresql', 'mysql', 'sqlite', 'turso'] as const satisfies readonly Dialect1[];

/** A sample that is not empty. */
function few(dialect: Dialect1, one: number): readonly Step[] {
  const steps = STEPS[dialect];
  return sample(steps, Math.min(one, Math.floor(steps.length / 2)));
}

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
      const steps = few(dialect, kit === 'rc5' ? 30 : 90);
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

  it.each(MANY)(
    `%s: every migration that is one token off is refused, seed ${SEED}`,
    async (dialect) => {
      const survivors: string[] = [];
      let tried = 0;
      for (const step of few(dialect, kit === 'rc5' ? 40 : 80)) {
        const truth = await truths.of(dialect, step);
        if (truth.written === undefined) continue;
        const { sql } = truth.written;
        const split = (text: string) => splitStatements(text, dialect);
        const known = await expectedOf(top, worker, dialect, truth, sql);
        for (const mutant of mutantsOf(sql, dialect)) {
          if (tokensOf(split(mutant.sql)) === tokensOf(split(sql))) continue;
          tried += 1;
          // Where drizzle-kit asks, the SQL answers.
          const expected =
            truth.asked.length === 0
              ? known
              : await expectedOf(top, worker, dialect, truth, mutant.sql);
          const ordered = withViewsAsIn(expected, mutant.sql, dialect).join('\n');
          if (compareStatements(split(ordered), split(mutant.sql)).same)
            survivors.push(`${step.name}: ${mutant.what}\n${mutant.sql}`);
        }
      }
      expect(survivors).toEqual([]);
      expect(tried).toBeGreaterThan(0);
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KITS_1, type Dialect1 } from '../support/kit1.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import type { Files } from '../support/drizzle-project.ts';
import { inShort1, openFolderBranches } from './folder-branches.ts';
import { branchOf, BRANCH } from './random-branches.ts';
import { firstModel, schemaText, type Change } from './model.ts';

const DIALECTS = [
  'postgresql',
  'sqlite',
  'mysql',
  'singlestore',
  'mssql',
  'cockroach',
] as const satisfies Dialect1[];

/**
 * CI plays a few, on SQLite. Random branches whose edits commute by meaning. drizzle-kit does not take all of them for such (a
 * table renamed and a column added to it; on SingleStore none): those are put on top.
 */
describe.each(WHOLE ? KITS_1 : (['rc5'] as const))('drizzle-kit 1.0.0-%s', (kit) => {
  describe.each(WHOLE ? DIALECTS : (['sqlite'] as const))('%s', (dialect) => {
    const scene = openFolderBranches(kit, dialect);
    const start = firstModel(dialect);
    let fork: Promise<Files> | undefined;

    it(`end, in either order, at the merged schema, seed ${SEED}`, async () => {
      const played = { nothing: 0, planned: 0 };
      await fc.assert(
        fc.asyncProperty(BRANCH, BRANCH, async (one, other) => {
          const theirs = branchOf(start, 'theirs', one, []);
          const mine = branchOf(start, 'mine', other, theirs.touches);
          if (theirs.makes.length === 0 || mine.makes.length === 0) return;
          const begun = await (fork ??= scene.make(
            {},
            { name: 'init', schema: schemaText(start) },
          ));
          const [left, right] = [
            await scene.make(begun, ...theirs.makes),
            await scene.make(begun, ...mine.makes),
          ];
          const merge = (...changes: readonly Change[]): string =>
            schemaText(changes.reduce((model, change) => change.apply(model), start));
          for (const [base, own, merged] of [
            [left, right, merge(...theirs.changes, ...mine.changes)],
            [right, left, merge(...mine.changes, ...theirs.changes)],
          ] as const) {
            const runs = (await scene.isRight(begun, base)) && (await scene.isRight(begun, own));
            const branches = { fork: begun, base, own, merged, runs };
            const plan = await scene.plan(branches);
            expect(plan.status, inShort1(plan).join('\n')).not.toBe('stopped');
            if (plan.status !== 'stopped') played[plan.status] += 1;
            await scene.apply(branches, plan);
            expect(inShort1(plan).filter((line) => line.endsWith('dropped'))).toEqual([]);
          }
        }),
        { seed: SEED, numRuns: WHOLE ? 25 : 3 },
      );
      console.log(kit, dialect, played);
      expect(played.planned).toBeGreaterThan(0);
    });
  });
});

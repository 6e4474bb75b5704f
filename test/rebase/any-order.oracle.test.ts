import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED, WHOLE } from '../support/run-settings.ts';
import { PROJECT_DIALECTS, type Files } from '../support/drizzle-project.ts';
import { inShort, openBranches, sqlOf } from './branches.ts';
import { branchOf, BRANCH } from './random-branches.ts';
import { firstModel, schemaText, type Change } from './model.ts';

describe.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'sqlite', 'mysql'] as const))(
  '%s',
  (dialect) => {
    const scene = openBranches(dialect);
    const start = firstModel(dialect);
    let fork: Promise<Files> | undefined;

    it('branches whose edits commute end, in either order, at the merged schema, and lose nothing', async () => {
      let played = 0;
      await fc.assert(
        fc.asyncProperty(BRANCH, BRANCH, async (one, other) => {
          const theirs = branchOf(start, 'theirs', one, []);
          const mine = branchOf(start, 'mine', other, theirs.touches);
          if (theirs.makes.length === 0 || mine.makes.length === 0) return;
          played += 1;
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
          for (const [base, own, ours, merged] of [
            [left, right, mine, merge(...theirs.changes, ...mine.changes)],
            [right, left, theirs, merge(...mine.changes, ...theirs.changes)],
          ] as const) {
            const runs = (await scene.isRight(begun, base)) && (await scene.isRight(begun, own));
            const branches = { fork: begun, base, own, merged, runs };
            const { plan } = await scene.plan(branches);
            expect(plan.status, JSON.stringify(plan)).toBe('planned');
            await scene.apply(branches, plan);
            expect(inShort(plan).filter((line) => line.endsWith('dropped'))).toEqual([]);
            // Nothing is dropped that the branch did not drop itself.
            const drops = (sql: string): readonly string[] =>
              [...sql.matchAll(/DROP (?:TABLE|COLUMN) [^;]+/g)].map(([text]) =>
                text.replace(/["`]\w+["`]\./, ''),
              );
            const before = new Set(
              ours.makes.flatMap(({ name }) => drops(sqlNamed(own, name))).map(tail),
            );
            const after = sqlOf(plan)
              .flatMap(drops)
              .map(tail)
              .filter((name) => !before.has(name));
            expect(after.filter((name) => !isRebuilt(name, sqlOf(plan).join('\n')))).toEqual([]);
          }
        }),
        { seed: SEED, numRuns: WHOLE ? 200 : 12 },
      );
      expect(played).toBeGreaterThan(5);
    });
  },
);

function sqlNamed(files: Files, name: string): string {
  const path = Object.keys(files).find((one) => one.endsWith(`_${name}.sql`));
  return files[path ?? ''] ?? '';
}

function tail(text: string): string {
  return text.replace(/^.*["`](\w+)["`].*$/, '$1');
}

/** sqlite makes a table again under another name, and drops the old one. */
function isRebuilt(name: string, sql: string): boolean {
  return sql.includes(`FROM \`${name}\`;`);
}

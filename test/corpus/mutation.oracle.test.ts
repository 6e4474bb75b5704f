import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorker } from '../../src/schema/thread/host.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { splitStatements } from '../../src/sql/statements.ts';
import { linkModules, PROJECT_DIALECTS, scratch } from '../support/drizzle-project.ts';
import { CORPUS } from './every.ts';
import { openGenerator, type Generator } from './generate.ts';
import { guardSays } from './judge.ts';
import { openKit } from './kit-run.ts';
import { mutantsOf, tokensOf, variantsOf } from './mutants.ts';

const kit = openKit();
const worker = openWorker({ env: {} });
let generator: Generator;
let top: string;

beforeAll(async () => {
  top = await scratch('drizzle-guard-mutation-');
  await linkModules(top);
  generator = await openGenerator(kit.run);
});
afterAll(async () => {
  kit.close();
  await worker.close();
});

it.each(PROJECT_DIALECTS)(
  '%s: every migration that is one token off is refused, and every one that only looks different passes',
  async (dialect) => {
    const survivors: string[] = [];
    const refusedVariants: string[] = [];
    const tried = { mutants: 0, equal: 0, variants: 0 };
    for (const transition of CORPUS[dialect]) {
      const written = await generator.generate(dialect, transition);
      if (written === undefined) continue;
      const prev = (await generator.before(dialect, transition))?.snapshot;
      // What drizzle-kit is expected to write depends on the SQL only where that answers a question about a rename.
      const expectedFor = async (sql: string): Promise<string> =>
        (await guardSays(top, worker, dialect, transition, prev, { ...written, sql })).sql ?? '';
      const generated = await expectedFor(written.sql);
      const passes = async (sql: string): Promise<boolean> => {
        const expected =
          transition.renames === undefined ? generated : await expectedFor(sql).catch(() => '');
        return compareStatements(splitStatements(expected, dialect), splitStatements(sql, dialect))
          .same;
      };
      const original = tokensOf(written.sql, dialect);
      for (const mutant of mutantsOf(written.sql, dialect)) {
        tried.mutants += 1;
        if (tokensOf(mutant.sql, dialect) === original) tried.equal += 1;
        else if (await passes(mutant.sql))
          survivors.push(`${transition.name}: ${mutant.what}\n${mutant.sql}`);
      }
      for (const variant of variantsOf(written.sql, dialect)) {
        tried.variants += 1;
        if (!(await passes(variant))) refusedVariants.push(`${transition.name}:\n${variant}`);
      }
    }
    console.log(
      `${dialect}: ${tried.mutants} mutants (${tried.equal} with the same tokens), ${tried.variants} variants`,
    );
    expect(survivors).toEqual([]);
    expect(refusedVariants).toEqual([]);
    expect(tried.mutants).toBeGreaterThan(500);
  },
);

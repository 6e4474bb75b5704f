import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runProblems } from '../../src/sql/run-problems.ts';
import { splitPieces } from '../../src/sql/statements.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import type { Engine } from './engines.ts';
import {
  damagedMigrations,
  oddMigrations,
  type Engines,
  type Migration,
} from './odd-migrations.ts';

/**
 * Holds what the guard says of a migration to what its migrator and driver do with it. Answers
 * whether all of it ran.
 */
export async function expectSame(
  { target, firstAlone, migrate, runEach }: Engine,
  { sql, intended }: Migration,
): Promise<boolean> {
  const ran = await migrate(sql);
  const whole = await runEach(intended);
  expect(whole.error).toBe(undefined);
  const problems = runProblems(sql, target);
  const ranWhole = ran.error === undefined && String(ran.schema) === String(whole.schema);
  expect({ ran, runs: problems.length === 0, problems, sql }).toEqual({
    ran,
    runs: ranWhole,
    problems,
    sql,
  });
  if (ran.error !== undefined) return false;
  // The statements that the guard sees are those that were run.
  const statements = splitPieces(sql, target.dialect).flatMap((piece) =>
    firstAlone ? piece.statements.slice(0, 1) : piece.statements,
  );
  const seen = statements.map(({ source }) => source);
  expect({ seen, ...(await runEach(seen)) }).toEqual({ seen, ...ran });
  return ranWhole;
}

/** Declares the tests of an engine. @param runs random migrations; a whole run takes 40 times as many */
export function sameAsEngine(engine: () => Engine, of: Engines, runs: number): void {
  it.each(oddMigrations(of))('%s', async (_, migration) => {
    await expectSame(engine(), migration);
  });

  it(`statements with random breakpoints between them, seed ${SEED}`, async () => {
    const tally = { whole: 0, not: 0 };
    await fc.assert(
      fc.asyncProperty(damagedMigrations(of), async (migration) => {
        tally[(await expectSame(engine(), migration)) ? 'whole' : 'not']++;
      }),
      { numRuns: WHOLE ? 40 * runs : runs, seed: SEED },
    );
    expect(tally.whole).toBeGreaterThan(runs / 10);
    expect(tally.not).toBeGreaterThan(runs / 10);
  });
}

import type { Dialect } from '../../model/dialect.ts';
import type { Unrecorded } from './origin.ts';
import { keyOf, type Step } from '../../sql/align.ts';
import { splitStatements } from '../../sql/statements.ts';

export interface Repeated {
  /** The migrations without a snapshot whose statements are missing. */
  readonly from: readonly Unrecorded[];
  /** How many of the statements that are not as generated stand in them, token for token. */
  readonly count: number;
  /** Whether these are all the differences. */
  readonly all: boolean;
}

/**
 * Statements that drizzle-kit generates a second time, because the migration that has them has no
 * snapshot, and that were therefore removed by hand. Undefined where there are none.
 */
export function repeatedStatements(
  unexcused: readonly Step[],
  unrecorded: readonly Unrecorded[],
  dialect: Dialect,
): Repeated | undefined {
  const wanted = unexcused.flatMap((step) =>
    step.kind === 'changed' || (step.kind === 'missing' && step.elsewhere === undefined)
      ? [keyOf(step.expected)]
      : [],
  );
  const holders = unrecorded.map((one) => ({
    one,
    keys: new Set(splitStatements(one.sql, dialect).map(keyOf)),
  }));
  const repeated = wanted.filter((key) => holders.some(({ keys }) => keys.has(key)));
  if (repeated.length === 0) return undefined;
  const from = holders
    .filter(({ keys }) => repeated.some((key) => keys.has(key)))
    .map(({ one }) => one);
  return { from, count: repeated.length, all: repeated.length === unexcused.length };
}

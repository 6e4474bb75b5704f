import { mentions } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { literal } from '../text/enum-values.ts';
import { bareName } from '../text/safe-sql.ts';

export const rule = {
  id: 'enum-value-used-at-once',
  severity: 'warning',
  title: 'a new value of an enum is used in the transaction that adds it',
  why:
    'PostgreSQL refuses that (55P04), and the migrator runs all that is pending in one ' +
    'transaction.',
  details:
    'All unpublished migrations count: also where one adds the value and the next one uses it, in a ' +
    'default, an UPDATE or an INSERT. On its own each of them passes. Behind a COMMIT it is fine.',
  fix:
    'Release the migration that adds the value first, and the one that uses it with the next ' +
    'release.',
  examples: {
    refused:
      'ALTER TYPE "status" ADD VALUE \'done\'; ALTER TABLE "tasks" ALTER COLUMN "status" ' +
      "SET DEFAULT 'done';",
    passes: 'the ADD VALUE now, and the SET DEFAULT after the release that has it',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    if (review.dialect !== 'postgresql') return;
    const { statements, earlier } = review;
    const all = [...earlier, ...statements];
    for (const [index, adding] of all.entries())
      for (const action of adding.actions) {
        if (action.kind !== 'add value') continue;
        const { type, value } = action;
        const end = all.findIndex(
          ({ actions }, later) =>
            later > index && actions.some(({ kind }) => kind === 'transaction'),
        );
        const at = all
          .slice(index + 1, end === -1 ? undefined : end)
          .find((one) => uses(review, one, type, value));
        if (at === undefined || !statements.includes(at)) continue;
        yield {
          about: `${type} ${value}`,
          at,
          message:
            `${literal(value)} of ${type} is used before the transaction that adds it has ` +
            'ended',
          safe: [
            {
              text:
                'Move this statement to a migration of its own, and release it after the one ' +
                `that adds ${literal(value)} has run everywhere.`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

/** Whether a statement has the value where something of the type is. */
function uses({ after }: Review, statement: ReadStatement, type: string, value: string): boolean {
  if (statement.actions.some(({ kind }) => kind === 'create type' || kind === 'add value'))
    return false;
  if (!statement.tokens.some(({ kind, text }) => kind === 'string' && text === literal(value)))
    return false;
  if (mentions(statement, bareName(type))) return true;
  return [...after.tables].some(
    ([name, { columns }]) =>
      mentions(statement, bareName(name)) &&
      [...columns.values()].some((column) => column.type.replace(/(?:\[\d*\])+$/, '') === type),
  );
}

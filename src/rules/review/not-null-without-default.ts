import type { Column } from '../../facts/review/picture.ts';
import { isBackfilled } from '../../facts/review/filled.ts';
import { statementOn } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'not-null-without-default',
  severity: 'warning',
  title: 'a new NOT NULL column has no value for the rows that are there',
  why: 'It fails as soon as the table has one row: in production, not on an empty database.',
  details:
    'PostgreSQL and SQLite refuse it. MySQL fills in zeros and empty strings, which is a rule of its ' +
    'own. Columns with a default, generated and counting columns are exempt, and those that the ' +
    'same change fills before they become NOT NULL.',
  fix: 'Add the column nullable, fill it in a custom migration, and make it NOT NULL after that.',
  examples: {
    refused: 'ALTER TABLE "users" ADD COLUMN "plan" text NOT NULL;',
    passes: 'ALTER TABLE "users" ADD COLUMN "plan" text DEFAULT \'free\' NOT NULL;',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    if (engineOf(review) === 'mysql') return;
    const q = quoting(review.dialect);
    for (const { table, name, before, after } of review.changes.columns) {
      if (before !== undefined || after === undefined || !needsValue(after)) continue;
      const at = statementOn(review, ['add column'], table, [name]);
      if (isSafe(review, table, name)) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message:
          `${table}.${name} (${after.type}) is NOT NULL without a default, and the rows of ` +
          `${table} have no value for it`,
        safe: [
          { text: 'Leave out .notNull() first and generate the migration again.' },
          inCustom('Fill the column in a migration behind it:', state, [
            `UPDATE ${q(table)} SET ${q(name)} = <value> WHERE ${q(name)} IS NULL;`,
          ]),
          {
            text: 'Then put .notNull() back and generate once more; or give the column a default.',
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

function needsValue(column: Column): boolean {
  return (
    column.notNull &&
    column.default === undefined &&
    column.generated === undefined &&
    !column.counts
  );
}

/** By hand: added nullable or with a default, and filled before it becomes NOT NULL. */
function isSafe(review: Review, table: string, name: string): boolean {
  const added = review.statements.find(({ actions }) =>
    actions.some((one) => one.kind === 'add column' && one.table === table && one.column === name),
  );
  const by = added?.actions.find((one) => one.kind === 'add column' && one.column === name);
  if (by?.kind === 'add column' && by.notNull) return by.hasDefault;
  return isBackfilled(review, table, name, statementOn(review, ['set not null'], table, [name]));
}

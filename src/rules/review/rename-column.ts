import { statementOn } from '../../facts/review/find.ts';
import { renamedByHand } from '../../facts/review/renamed-by-hand.ts';
import type { ReviewRule } from '../rule.ts';
import { inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'rename-column',
  severity: 'warning',
  title: 'a column of a published table is renamed',
  why: 'Code that still runs names the old column, and fails until the new one runs everywhere.',
  details:
    'No value is lost. Drizzle names every column of the schema in a query, so that each one on the ' +
    'table fails between the migration and the last restart.',
  fix: "Keep the name in the database (`title: text('name')`), or add, copy, switch and drop in releases of their own.",
  examples: {
    refused: 'ALTER TABLE "users" RENAME COLUMN "name" TO "title";',
    passes: "title: text('name')",
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    const q = quoting(review.dialect);
    const recorded = review.changes.columns.flatMap(({ table, name, before, after }) =>
      before === undefined || after === undefined || before.name === name
        ? []
        : [{ table, from: before.name, name, who: 'code that still runs' }],
    );
    const byHand = renamedByHand(review).flatMap((one) =>
      one.kind === 'rename column'
        ? [
            {
              table: one.table,
              from: one.column,
              name: one.to,
              who: 'the schema does not say so, and code',
            },
          ]
        : [],
    );
    for (const { table, from, name, who } of [...recorded, ...byHand]) {
      yield {
        about: `${table}.${from} ${name}`,
        at: statementOn(review, ['rename column'], table, [from]),
        message: `${table}.${from} is renamed to ${name}; ${who} fails on the old name`,
        safe: [
          {
            text:
              'The name in the code can differ from the one in the database: give the column ' +
              `of the schema the name '${from}'.`,
          },
          inCustom(
            `Or leave ${from}, add ${name} nullable, write both, and copy; read the ` +
              'new one in the next release, and drop the old one after that:',
            state,
            [`UPDATE ${q(table)} SET ${q(name)} = ${q(from)} WHERE ${q(name)} IS NULL;`],
          ),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

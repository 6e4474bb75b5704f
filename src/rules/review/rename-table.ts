import { statementOn } from '../../facts/review/find.ts';
import { renamedByHand } from '../../facts/review/renamed-by-hand.ts';
import type { ReviewRule } from '../rule.ts';
import { bareName, engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'rename-table',
  severity: 'warning',
  title: 'a published table is renamed',
  why:
    'Code that still runs knows the old name alone, and fails until the new release runs ' +
    'everywhere.',
  details:
    'No value is lost. Between the migration and the last restart every query on the table fails. ' +
    'On PostgreSQL a view with the old name bridges that time.',
  fix:
    'Keep the name in the database (`pgTable("users")` for any name in the code), or bridge ' +
    'the time with a view.',
  examples: {
    refused: 'ALTER TABLE "users" RENAME TO "people";',
    passes: "export const people = pgTable('users', ...)",
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    const q = quoting(review.dialect);
    const recorded = review.changes.tables.flatMap(({ name, before, after }) =>
      before === undefined || after === undefined
        ? []
        : [{ from: before.name, name, who: 'code that still runs' }],
    );
    const byHand = renamedByHand(review).flatMap((one) =>
      one.kind === 'rename table'
        ? [{ from: one.table, name: one.to, who: 'the schema does not say so, and code' }]
        : [],
    );
    for (const { from, name, who } of [...recorded, ...byHand]) {
      yield {
        about: `${from} ${name}`,
        at: statementOn(review, ['rename table'], from),
        message: `${from} is renamed to ${name}; ${who} fails on the old name`,
        safe: [
          {
            text:
              'The name in the code can differ from the one in the database: keep ' +
              `${from} there, with any name for the constant.`,
          },
          ...(engineOf(review) === 'postgresql'
            ? [
                inCustom(
                  'Or bridge the time in a migration right behind it, and drop the view later:',
                  state,
                  [`CREATE VIEW ${q(from)} AS SELECT * FROM ${q(name)};`],
                ),
              ]
            : [
                {
                  text:
                    `Or make ${bareName(name)} beside it, write to both, copy the rows, and ` +
                    `drop ${bareName(from)} in a later release.`,
                },
              ]),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

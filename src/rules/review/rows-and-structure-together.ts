import type { ReviewRule } from '../rule.ts';
import { engineOf } from '../text/safe-sql.ts';
import { isOfRows, mixed } from '../text/rows-and-structure.ts';

export const rule = {
  id: 'rows-and-structure-together',
  severity: 'off',
  title: 'a migration changes rows and structure in one file',
  why: 'The locks of the ALTER TABLE are held until all rows are changed.',
  details:
    'Also, who reverts the one reverts the other. MySQL has a rule of its own for it, and so has ' +
    'the copy of a rebuilt table of SQLite.',
  fix: 'Put the rows into a migration of their own.',
  examples: {
    refused: 'ALTER TABLE "users" ADD "plan" text; UPDATE "users" SET "plan" = \'free\';',
    passes: 'the UPDATE in a migration made with --custom',
  },
  judges: 'migration',
  point: 'data',
  *check(review, { how }) {
    if (engineOf(review) === 'mysql') return;
    const rows = mixed(
      review.statements.filter(
        ({ actions }) =>
          !actions.some(
            (one) => isOfRows(one.kind) && 'table' in one && one.table.startsWith('__new_'),
          ),
      ),
    );
    if (rows === undefined) return;
    yield {
      about: 'rows and structure',
      at: rows,
      message: 'rows and structure change in one file, under the same locks',
      safe: [
        {
          text: 'Put the statements about rows into a migration of their own:',
          run: how.generateCustom,
        },
      ],
    };
  },
} as const satisfies ReviewRule;

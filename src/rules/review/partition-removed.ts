import { hasRows } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'partition-removed',
  severity: 'warning',
  title: 'a partition of a published table is taken away, with its rows',
  why: 'Queries on the table no longer find these rows; those that MySQL drops are gone for good.',
  details:
    'DETACH PARTITION and NO INHERIT of PostgreSQL, which leave the rows in a table of their own; DROP, ' +
    'TRUNCATE and EXCHANGE PARTITION of MySQL.',
  fix: 'See how many rows it has, and make sure that nobody asks for them.',
  examples: {
    refused: 'ALTER TABLE "events" DETACH PARTITION "events_2020";',
    passes: 'DELETE FROM "events" WHERE "at" < \'2021-01-01\';',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    const q = quoting(review.dialect);
    for (const at of review.statements)
      for (const action of at.actions) {
        if (action.kind !== 'remove partition' || !hasRows(review, action.table)) continue;
        const { table, name, keepsRows } = action;
        yield {
          about: `${table} ${name}`,
          at,
          message: keepsRows
            ? `the rows of ${name} leave ${table}, and queries on it no longer find them`
            : `the partition ${name} of ${table} loses all its rows`,
          safe: [
            {
              text: 'See how many rows that is:',
              sql:
                engineOf(review) === 'mysql'
                  ? `SELECT count(*) FROM ${q(table)}${name.toUpperCase() === 'ALL' ? '' : ` PARTITION (${q(name)})`};`
                  : `SELECT count(*) FROM ${q(name)};`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

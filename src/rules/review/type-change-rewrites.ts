import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { changedTypes } from '../text/type-changes.ts';

export const rule = {
  id: 'type-change-rewrites',
  severity: 'note',
  title: 'a column gets a type that every value fits, and the table is rewritten',
  why: 'Nobody can read or write the table until all of it and its indexes are copied.',
  details:
    'For PostgreSQL and MySQL: integer to bigint, json to jsonb, timestamp to timestamptz (which ' +
    "reads the values in the time zone of the migrator's session).",
  fix:
    'On a large table, add a column of the new type, copy in batches, switch, and drop the ' +
    'old one.',
  examples: {
    refused: 'ALTER TABLE "events" ALTER COLUMN "id" SET DATA TYPE bigint;',
    passes: 'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE text; which was varchar(255)',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    // It changes schemas while others read and write.
    if (review.dialect === 'cockroach') return;
    for (const { table, name, from, to } of changedTypes(review, 'rewrites'))
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['change type'], table, [name]),
        message:
          `${table}.${name} goes from ${from} to ${to}: every row of ${table} is rewritten ` +
          'under a lock',
        safe: [
          {
            text:
              `If ${table} is large: add a column of the new type, write both, copy in ` +
              'batches, switch, and drop the old one.',
          },
        ],
      };
  },
} as const satisfies ReviewRule;

import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-enum',
  severity: 'warning',
  title: 'an enum of PostgreSQL is dropped',
  why: 'DROP TYPE fails while a function, a view or a table that Drizzle does not know uses it.',
  details:
    'Columns of the schema are changed or dropped before it. A type that is made again under its ' +
    'name is enum-value-removed, if a value goes.',
  fix: 'Drop it in a later release than the columns that had it.',
  examples: {
    refused: 'DROP TYPE "public"."status";',
    passes: 'the DROP COLUMN now, and the DROP TYPE in the release after it',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    for (const { name, after } of review.changes.enums) {
      if (after !== undefined) continue;
      yield {
        about: name,
        at: statementOn(review, ['drop type'], '', [name]),
        message: `the enum ${name} is dropped, and what else uses it makes that fail`,
        safe: [
          {
            text: 'See what uses it; it must be nothing but what this migration drops:',
            sql:
              'SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend WHERE ' +
              `refobjid = '${quoting(review.dialect)(name)}'::regtype;`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

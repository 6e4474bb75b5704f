import type { Column } from '../../facts/review/picture.ts';
import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'added-column-rewrites',
  severity: 'note',
  title: 'a new column has a value of its own in each row, so that PostgreSQL rewrites the table',
  why: 'Nobody can read or write the table until all of it is copied.',
  details:
    'A default that differs from row to row (random, clock_timestamp), serial and identity, and ' +
    'stored generated columns. A constant default costs nothing, and now() is constant.',
  fix: 'On a large table, add it nullable, set the default, and fill the rows in batches.',
  examples: {
    refused: 'ALTER TABLE "events" ADD COLUMN "key" uuid DEFAULT gen_random_uuid() NOT NULL;',
    passes: 'ALTER TABLE "events" ADD COLUMN "at" timestamp DEFAULT now() NOT NULL;',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    if (review.dialect !== 'postgresql') return;
    const q = quoting(review.dialect);
    for (const { table, name, before, after } of review.changes.columns) {
      if (before !== undefined || after === undefined) continue;
      const why = cause(after);
      if (why === undefined) continue;
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['add column'], table, [name]),
        message: `${table}.${name} ${why}: every row of ${table} is rewritten under a lock`,
        safe:
          after.default === undefined
            ? [{ text: `If ${table} is large, run it when nobody waits for the table.` }]
            : [
                inCustom(
                  `If ${table} is large: add it nullable without the default, then fill it ` +
                    'in batches:',
                  state,
                  [
                    `ALTER TABLE ${q(table)} ALTER COLUMN ${q(name)} SET DEFAULT ${after.default};`,
                    '--> statement-breakpoint',
                    `UPDATE ${q(table)} SET ${q(name)} = ${after.default} WHERE ${q(name)} ` +
                      'IS NULL;',
                  ],
                ),
              ],
      };
    }
  },
} as const satisfies ReviewRule;

const VOLATILE =
  /\b(?:gen_random_uuid|uuid_generate_v\d\w*|uuidv[47]|random|clock_timestamp|nextval|timeofday|nanoid|cuid|ulid)\s*\(/i;

function cause(column: Column): string | undefined {
  if (column.generated === 'stored') return 'is generated and stored';
  if (column.counts) return 'counts by itself';
  return VOLATILE.test(column.default ?? '') ? `has the default ${column.default}` : undefined;
}

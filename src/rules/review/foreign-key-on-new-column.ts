import { newForeignKeys, isNewAndEmpty, tableBefore } from '../../facts/review/before.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed, engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'foreign-key-on-new-column',
  severity: 'off',
  title: 'a new column of a published table references another table',
  why: 'No row can break it, but both tables are locked while it is made.',
  details:
    'PostgreSQL lets nobody write to either table, and reads the one that has the key; MySQL copies ' +
    'it. SQLite looks at nothing, and is not reported.',
  fix: 'On large tables make it NOT VALID, and validate it later.',
  examples: {
    refused: 'ALTER TABLE "posts" ADD COLUMN "author" uuid; and the foreign key of it',
    passes: 'the same with NOT VALID, and VALIDATE CONSTRAINT in a later migration',
  },
  judges: 'migration',
  point: 'keys',
  *check(review, state) {
    const engine = engineOf(review);
    if (engine === 'sqlite') return;
    const q = quoting(review.dialect);
    for (const { table, key, at } of newForeignKeys(review)) {
      if (tableBefore(review, table) === undefined) continue;
      if (!key.columns.some((column) => isNewAndEmpty(review, table, column))) continue;
      if (at?.tokens.some(({ text }) => text.toUpperCase() === 'VALID') === true) continue;
      yield {
        about: `${table}.${key.name}`,
        at,
        message: `${table} and ${key.target} are locked while ${key.name} is made`,
        safe:
          engine === 'postgresql'
            ? [
                {
                  text: `If ${table} or ${key.target} is large, let it look at new rows only:`,
                  sql: [
                    allowed('sql-edited', 'the old rows are validated in a later migration'),
                    `${at?.source ?? ''} NOT VALID;`,
                  ].join('\n'),
                },
                inCustom('Check the old rows in a later migration, which blocks nobody:', state, [
                  `ALTER TABLE ${q(table)} VALIDATE CONSTRAINT ${q(key.name)};`,
                ]),
              ]
            : [{ text: `If ${table} is large, run it when nobody waits for the table.` }],
      };
    }
  },
} as const satisfies ReviewRule;

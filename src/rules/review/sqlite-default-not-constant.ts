import { hasRows, statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'sqlite-default-not-constant',
  severity: 'warning',
  title: 'SQLite adds no column whose default is not constant',
  why: 'ALTER TABLE fails on a table with one row; on an empty test database it passes.',
  details:
    'SQLite says "Cannot add a column with non-constant default" for CURRENT_TIMESTAMP and for ' +
    'expressions such as (unixepoch()). In CREATE TABLE they are fine, also in the copy of a ' +
    'rebuilt table.',
  fix: 'Add the column with a constant default or none, and fill it in a custom migration.',
  examples: {
    refused: 'ALTER TABLE `users` ADD `created_at` integer DEFAULT (unixepoch());',
    passes:
      'ALTER TABLE `users` ADD `created_at` integer; and .$defaultFn(() => new Date()) in ' +
      'the schema',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    if (engineOf(review) !== 'sqlite') return;
    const q = quoting(review.dialect);
    for (const { table, name, before, after } of review.changes.columns) {
      const value = after?.default;
      if (before !== undefined || value === undefined || isConstant(value)) continue;
      if (review.rebuilt.has(table) || !hasRows(review, table)) continue;
      const at = statementOn(review, ['add column'], table, [name]);
      const added = at?.actions.find((one) => one.kind === 'add column');
      if (added?.kind !== 'add column' || !added.hasDefault) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message: `SQLite cannot add ${table}.${name} with the default ${value} to a table with rows`,
        safe: [
          {
            text:
              'Take the default out of the column, let the code give it (.$defaultFn()), and ' +
              'generate the migration again.',
          },
          inCustom('Fill the rows that are there in a migration behind it:', state, [
            `UPDATE ${q(table)} SET ${q(name)} = ${value} WHERE ${q(name)} IS NULL;`,
          ]),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** A literal, also in parentheses; CURRENT_TIMESTAMP and whatever is computed are none. */
const CONSTANT =
  /^\(*\s*(?:[+-]?\s*(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x[\da-f]+|x?'(?:[^']|'')*'|"[^"]*"|true|false|null)\s*\)*$/i;

function isConstant(value: string): boolean {
  return CONSTANT.test(value.trim());
}

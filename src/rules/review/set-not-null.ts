import { isBackfilled } from '../../facts/review/filled.ts';
import { isValidated, statementOn } from '../../facts/review/find.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { Dialect } from '../../model/dialect.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, inCustom, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'set-not-null',
  severity: 'warning',
  title: 'a column that could be NULL becomes NOT NULL',
  why:
    'One row with NULL makes the migration fail; PostgreSQL also reads the whole table under ' +
    'a lock.',
  details:
    'Also by ALTER DOMAIN. A default does not help: it is for new rows. Exempt is a column that the same change fills ' +
    'first, by an UPDATE, a DELETE of the rows without a value, or COALESCE in the copy of a ' +
    "rebuilt table, and one behind VALIDATE CONSTRAINT of a published check. libSQL's " +
    'ALTER COLUMN does not look at the rows that are there: they keep NULL.',
  fix: 'Fill the column in a custom migration before this one.',
  examples: {
    refused: 'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;',
    passes: 'UPDATE "users" SET "name" = \'\' WHERE "name" IS NULL; in a migration before it',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    const q = quoting(review.dialect);
    const engine = engineOf(review);
    for (const { table, name, before, after } of review.changes.columns) {
      if (before === undefined || after === undefined || before.notNull || !after.notNull) continue;
      if (before.generated !== undefined || after.generated !== undefined) continue;
      if (review.before.tables.get(table)?.primaryKey.includes(before.name) === true) continue;
      const at = statementOn(review, ['set not null', 'change type'], table, [before.name, name]);
      if (isBackfilled(review, table, name, at) || isValidated(review, table, at)) continue;
      const value = after.default ?? '<value>';
      const check = madeName(table, name, 'not_null');
      const rebuilt = review.rebuilt.has(table) ? ' while the table is copied' : '';
      yield {
        about: `${table}.${name}`,
        at,
        message: isUnchecked(review.dialect, at)
          ? `${table}.${name} becomes NOT NULL for new values alone: libSQL does not look at the rows that are there`
          : `${table}.${name} becomes NOT NULL, which fails${rebuilt} if a row has NULL there`,
        safe: [
          {
            text: 'See how many rows have none:',
            sql: `SELECT count(*) FROM ${q(table)} WHERE ${q(name)} IS NULL;`,
          },
          inCustom('Fill them in a migration before this one:', state, [
            `UPDATE ${q(table)} SET ${q(name)} = ${value} WHERE ${q(name)} IS NULL;`,
          ]),
          ...(engine === 'postgresql' && !/^ALTER DOMAIN/i.test(at?.source ?? '')
            ? [
                {
                  text:
                    'On a large table, add these to it, so that no lock waits for the whole ' +
                    'table to be read:',
                  sql: [
                    `ALTER TABLE ${q(table)} ADD CONSTRAINT ${q(check)} CHECK (${q(name)} ` +
                      'IS NOT NULL) NOT VALID;',
                    '--> statement-breakpoint',
                    `ALTER TABLE ${q(table)} VALIDATE CONSTRAINT ${q(check)};`,
                  ].join('\n'),
                },
              ]
            : []),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** What libSQL's `ALTER COLUMN a TO a text NOT NULL` does: tried with libsql 0.5. */
function isUnchecked(dialect: Dialect, at: ReadStatement | undefined): boolean {
  return dialect === 'turso' && at?.actions.some(({ kind }) => kind === 'alter column') === true;
}

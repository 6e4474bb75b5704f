import type { ForeignKey } from '../../facts/review/picture.ts';
import { isBackfilled } from '../../facts/review/filled.ts';
import { isNotValid, statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import { hadForeignKey, isNewAndEmpty, tableBefore } from '../../facts/review/before.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed, engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'foreign-key-on-existing-rows',
  severity: 'warning',
  title: 'a foreign key is made for a column that has values',
  why: 'One row that points to nothing makes it fail; PostgreSQL locks both tables while it looks.',
  details:
    'SQLite does not look: such rows stay, and fail when they are changed. Exempt are columns that ' +
    'the same change adds, nullable or filled, keys that only change their name or action, and NOT ' +
    'VALID ones.',
  fix:
    'Look for rows that point to nothing and remove or change them first; on PostgreSQL add ' +
    'the key NOT VALID and validate it later.',
  examples: {
    refused:
      'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_fk" FOREIGN KEY ("author") ' +
      'REFERENCES "users"("id");',
    passes: 'ALTER TABLE "posts" ADD COLUMN "author" uuid; and the foreign key of it',
  },
  judges: 'migration',
  point: 'keys',
  *check(review, state) {
    const q = quoting(review.dialect);
    const engine = engineOf(review);
    for (const { table, name, after } of review.changes.foreignKeys) {
      if (after === undefined || isKnown(review, table, after)) continue;
      const [column = '', target = ''] = [after.columns[0], after.targetColumns[0]];
      const on = after.columns.map(
        (one, at) => `p.${q(after.targetColumns[at] ?? target)} = c.${q(one)}`,
      );
      const orphans =
        `FROM ${q(table)} c WHERE c.${q(column)} IS NOT NULL AND NOT EXISTS (SELECT 1 ` +
        `FROM ${q(after.target)} p WHERE ${on.join(' AND ')});`;
      const what = `${table} (${after.columns.join(', ')})`;
      const at = statementOn(review, ['add constraint', 'add column'], table, [
        name,
        ...after.columns,
      ]);
      if (isNotValid(at, name)) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message:
          engine === 'sqlite'
            ? `${what} now references ${after.target}; rows that point to nothing stay, and fail when they are changed`
            : `${what} now references ${after.target}, which fails if a row points to nothing`,
        safe: [
          {
            text: 'Look for rows that point to nothing; there must be none:',
            sql: `SELECT c.* ${orphans}`,
          },
          ...(engine === 'postgresql'
            ? [
                {
                  text: 'On a large table, let it look at new rows only:',
                  sql: [
                    allowed('sql-edited', 'the old rows are validated in a later migration'),
                    `${at?.source ?? `ALTER TABLE ${q(table)} ...`} NOT VALID;`,
                  ].join('\n'),
                },
                inCustom('Check the old rows in a later migration, which blocks nobody:', state, [
                  `ALTER TABLE ${q(table)} VALIDATE CONSTRAINT ${q(name)};`,
                ]),
              ]
            : []),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** Whether the rows are known to point to something, or have no value. */
function isKnown(review: Review, table: string, key: ForeignKey): boolean {
  return (
    tableBefore(review, table) === undefined ||
    key.columns.some(
      (column) => isNewAndEmpty(review, table, column) || isNewAndFilled(review, table, column),
    ) ||
    hadForeignKey(review, table, key)
  );
}

/** Whether the change adds the column itself, without a value: it fills it, or leaves NULLs. */
function isNewAndFilled(review: Review, table: string, column: string): boolean {
  const isNew = review.changes.columns.some(
    (one) => one.table === table && one.name === column && one.before === undefined,
  );
  const isNullable = review.statements.some(({ actions }) =>
    actions.some(
      (one) =>
        one.kind === 'add column' &&
        sameName(one.table, table) &&
        sameName(one.column, column) &&
        !one.notNull &&
        !one.hasDefault,
    ),
  );
  return isNew && (isNullable || isBackfilled(review, table, column));
}

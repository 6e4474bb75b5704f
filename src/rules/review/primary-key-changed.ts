import { tableBefore } from '../../facts/review/before.ts';
import { mentions } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { bareName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'primary-key-changed',
  severity: 'warning',
  title: 'the primary key of a published table changes',
  why: 'Twins or NULLs make it fail, and the index is built again while the table is locked.',
  details:
    'Foreign keys that point to the old key have to go first. MySQL copies the whole table; SQLite ' +
    'rebuilds it.',
  fix: 'Look for twins and NULLs first; on a large table build a unique index beforehand.',
  examples: {
    refused: 'ALTER TABLE "members" ADD CONSTRAINT "members_pk" PRIMARY KEY("team_id","user_id");',
    passes: 'a primary key of a table that the same change makes',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    const q = quoting(review.dialect);
    for (const { table, before = [], after = [] } of review.changes.primaryKeys) {
      if (tableBefore(review, table) === undefined) continue;
      const at =
        review.rebuilt.get(table) ??
        review.statements.find(
          (one) => mentions(one, bareName(table)) && /primary key|_pk\b|_pkey\b/i.test(one.source),
        ) ??
        review.statements.find((one) => dropsUnnamed(review, one, table));
      const list = after.map(q).join(', ');
      const nulls = after.map((one) => `${q(one)} IS NULL`).join(' OR ');
      yield {
        about: table,
        at,
        message:
          `the primary key of ${table} changes from (${before.join(', ')}) to ` +
          `(${after.join(', ')})`,
        safe:
          after.length === 0
            ? [{ text: 'Keep a key: replication, upserts and editors need to tell rows apart.' }]
            : [
                {
                  text: 'Look for twins and NULLs; there must be none:',
                  sql: [
                    `SELECT ${list}, count(*) FROM ${q(table)} GROUP BY ${list} HAVING ` +
                      'count(*) > 1;',
                    `SELECT count(*) FROM ${q(table)} WHERE ${nulls};`,
                  ].join('\n'),
                },
              ],
      };
    }
  },
} as const satisfies ReviewRule;

/** Whether it drops a constraint of a table that is nothing else than its primary key. */
function dropsUnnamed(review: Review, { actions }: ReadStatement, table: string): boolean {
  const before = tableBefore(review, table);
  const others = [before?.uniques, before?.foreignKeys, before?.checks];
  return actions.some(
    (one) =>
      one.kind === 'drop constraint' &&
      sameName(one.table, table) &&
      !others.some((all) => all?.has(one.name) === true),
  );
}

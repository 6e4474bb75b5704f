import { Cursor } from '../../facts/review/cursor.ts';
import { hasRows } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { ifForgotten } from '../text/own-tables.ts';
import { copyOf, madeName } from '../text/safe-sql.ts';

export const rule = {
  id: 'truncate',
  severity: 'warning',
  title: 'a TRUNCATE empties a table, or a TTL lets its rows expire',
  why: 'All rows are gone for good; with CASCADE those of every table that refers to it too.',
  details:
    'On MySQL it also ends the transaction. Tables that only unpublished migrations made ' +
    'are exempt. A row-level TTL of CockroachDB (ttl_expire_after, ttl_expiration_expression) deletes ' +
    'rows for good from then on, without a statement.',
  fix: 'Delete the rows that are meant, with a WHERE; keep a copy of what cannot be made again.',
  examples: {
    refused: 'TRUNCATE TABLE "audit_log" CASCADE;',
    passes: 'DELETE FROM "audit_log" WHERE "created_at" < \'2024-01-01\';',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements) {
      const expiring = expiringIn(review, at);
      if (expiring !== undefined)
        yield {
          about: `${expiring} ttl`,
          at,
          message: `from now on CockroachDB deletes rows of ${expiring} by itself, those that are there too`,
          safe: [
            {
              text: 'Make sure that every row may go. Or keep them all first:',
              sql: `${copyOf(review, expiring, madeName(expiring, 'kept'))}\n--> statement-breakpoint`,
            },
          ],
        };
      for (const action of at.actions) {
        if (action.kind !== 'truncate table' || !hasRows(review, action.table)) continue;
        const { table } = action;
        const cascades = at.tokens.some(({ text }) => text.toUpperCase() === 'CASCADE');
        yield {
          about: table,
          at,
          message:
            `TRUNCATE takes every row of ${table} ` +
            `away${cascades ? ', and with CASCADE those of tables that refer to it' : ''}${ifForgotten(table)}`,
          safe: [
            {
              text: 'Delete only the rows that are meant, or keep them all first:',
              sql: `${copyOf(review, table, madeName(table, 'kept'))}\n--> statement-breakpoint`,
            },
          ],
        };
      }
    }
  },
} as const satisfies ReviewRule;

/** The table of `ALTER TABLE a SET (ttl_expire_after = '3 days')`. */
function expiringIn(review: Review, { tokens }: ReadStatement): string | undefined {
  const at = new Cursor(tokens, review.dialect);
  if (review.dialect !== 'cockroach' || !at.takes('ALTER TABLE')) return undefined;
  const table = at.afterExists();
  at.skipTo(/^SET$/i);
  const set = at.takes('SET') ? (at.takeInside() ?? []) : [];
  const isTtl = set.some(({ text }) =>
    /^"?ttl_(?:expire_after|expiration_expression)"?$/i.test(text),
  );
  return isTtl && hasRows(review, table) ? table : undefined;
}

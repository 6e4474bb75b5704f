import { hasRows } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { ifForgotten } from '../text/own-tables.ts';
import { copyOf, madeName } from '../text/safe-sql.ts';

export const rule = {
  id: 'truncate',
  severity: 'warning',
  title: 'a TRUNCATE empties a table',
  why: 'All rows are gone for good; with CASCADE those of every table that refers to it too.',
  details:
    'On MySQL it also ends the transaction. Tables that only unpublished migrations made ' +
    'are exempt.',
  fix: 'Delete the rows that are meant, with a WHERE; keep a copy of what cannot be made again.',
  examples: {
    refused: 'TRUNCATE TABLE "audit_log" CASCADE;',
    passes: 'DELETE FROM "audit_log" WHERE "created_at" < \'2024-01-01\';',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements)
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
  },
} as const satisfies ReviewRule;

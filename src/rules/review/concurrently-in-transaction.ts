import type { ReviewRule } from '../rule.ts';
import { allowed } from '../text/safe-sql.ts';

export const rule = {
  id: 'concurrently-in-transaction',
  severity: 'warning',
  title: 'an index is built or dropped CONCURRENTLY in a migration',
  why: "PostgreSQL refuses that in a transaction (25001), and drizzle's migrator always opens one.",
  details:
    'Also `.concurrently()` in the schema. Such a migration never runs, and stops all that ' +
    'follow it.',
  fix:
    'Build the index by hand before the release, and let the migration find it with IF NOT ' +
    'EXISTS.',
  examples: {
    refused: 'CREATE INDEX CONCURRENTLY "users_email_idx" ON "users" ("email");',
    passes:
      'CREATE INDEX IF NOT EXISTS "users_email_idx" ON "users" ("email"); built by hand before',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    if (review.dialect !== 'postgresql') return;
    if (review.statements.some(({ actions }) => actions.some((one) => one.kind === 'transaction')))
      return;
    for (const at of review.statements)
      for (const action of at.actions) {
        if (action.kind !== 'create index' && action.kind !== 'drop index') continue;
        if (!action.concurrently) continue;
        const word = action.kind === 'create index' ? 'IF NOT EXISTS' : 'IF EXISTS';
        const plain = at.source.replace(/\bCONCURRENTLY(?:\s+IF\s+(?:NOT\s+)?EXISTS)?/i, word);
        const byHand = at.source.replace(
          /\bCONCURRENTLY(?:\s+IF\s+(?:NOT\s+)?EXISTS)?/i,
          `CONCURRENTLY ${word}`,
        );
        yield {
          about: action.name,
          at,
          message:
            `${action.name} is ${action.kind === 'create index' ? 'built' : 'dropped'} ` +
            'CONCURRENTLY, which no transaction may do: the migration cannot run',
          safe: [
            {
              text: 'Run this by hand before the release, outside of a transaction:',
              sql: `${byHand};`,
            },
            {
              text: 'And put this into the migration, without `.concurrently()` in the schema:',
              sql: `${allowed('sql-edited', 'built by hand before the release')}\n${plain};`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

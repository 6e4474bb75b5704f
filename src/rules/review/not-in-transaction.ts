import type { ReviewRule } from '../rule.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'not-in-transaction',
  severity: 'warning',
  title: 'a statement that the database runs in no transaction',
  why: "It is refused: drizzle's migrator always opens a transaction.",
  details:
    'Of PostgreSQL VACUUM, CREATE DATABASE, CREATE TABLESPACE, ALTER SYSTEM, CLUSTER of all tables, ' +
    'DETACH PARTITION CONCURRENTLY, and REINDEX CONCURRENTLY or of a whole schema or database; of ' +
    'SQLite VACUUM and PRAGMA synchronous.',
  fix: 'Run it by hand, outside of the migrations.',
  examples: { refused: 'VACUUM ANALYZE "events";', passes: 'ANALYZE "events";' },
  judges: 'migration',
  point: 'data',
  *check(review) {
    if (review.dialect !== 'postgresql' && engineOf(review) !== 'sqlite') return;
    // One that ends the migrator's transaction first has a finding of its own.
    if (review.statements.some(({ actions }) => actions.some((one) => one.kind === 'transaction')))
      return;
    for (const at of review.statements) {
      if (!at.actions.some(({ kind }) => kind === 'outside transaction')) continue;
      const words = at.source.split(/\s+/).slice(0, 2).join(' ');
      yield {
        about: words,
        at,
        message: `${words} runs in no transaction: the migration cannot run`,
        safe: [
          { text: 'Take it out, and run it by hand after the release.', sql: `${at.source};` },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

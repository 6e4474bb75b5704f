import { tableBefore } from '../../facts/review/before.ts';
import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { onBigTable } from '../text/big-tables.ts';
import { allowed } from '../text/safe-sql.ts';

export const rule = {
  id: 'index-blocks-writes',
  severity: 'note',
  title: 'an index is built on a published table of PostgreSQL',
  why: 'Nobody can write to the table until it is built, which takes minutes on a large one.',
  details:
    'Unique ones too. CONCURRENTLY blocks nobody, and runs in no migration. A warning for ' +
    '`bigTables` of the configuration.',
  fix: 'On a large table, build it by hand before the release, and let the migration find it.',
  examples: {
    refused: 'CREATE INDEX "events_at_idx" ON "events" ("at");',
    passes: 'CREATE INDEX IF NOT EXISTS "events_at_idx" ON "events" ("at"); built by hand before',
  },
  judges: 'migration',
  point: 'names',
  *check(review) {
    if (review.dialect !== 'postgresql') return;
    for (const { table, name, before, after } of [
      ...review.changes.indexes,
      ...review.changes.uniques,
    ]) {
      if (after === undefined || before !== undefined) continue;
      if (tableBefore(review, table) === undefined) continue;
      const at = statementOn(review, ['create index'], table, [name]);
      const built = at?.actions.find((one) => one.kind === 'create index');
      if (at === undefined || built?.kind !== 'create index' || built.concurrently) continue;
      if (/\bIF\s+NOT\s+EXISTS\b/i.test(at.source)) continue;
      const by = (words: string): string => at.source.replace(/\bINDEX\b/i, `INDEX ${words}`);
      yield {
        about: `${table}.${name}`,
        at,
        ...onBigTable(review, table),
        message: `${name} is built while nobody can write to ${table}`,
        safe: [
          {
            text:
              `If ${table} is large, run this by hand before the release, outside of a ` +
              'transaction:',
            sql: `${by('CONCURRENTLY IF NOT EXISTS')};`,
          },
          {
            text: 'And put this into the migration:',
            sql: `${allowed('sql-edited', 'built by hand before the release')}\n${by('IF NOT EXISTS')};`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

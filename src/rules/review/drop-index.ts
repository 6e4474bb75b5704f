import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { onBigTable } from '../text/big-tables.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-index',
  severity: 'note',
  title: 'an index of a published table is dropped',
  why: 'Queries that used it read the whole table from then on.',
  details:
    'Not where the columns get another index in the same migration, or the table or the first of them ' +
    'goes. A warning for `bigTables` of the configuration.',
  fix: 'See that nothing uses it any more.',
  examples: {
    refused: 'DROP INDEX "events_at_idx";',
    passes:
      'DROP INDEX "events_at_idx"; with CREATE INDEX "events_at_kind_idx" ON "events" ' +
      '("at", "kind");',
  },
  judges: 'migration',
  point: 'names',
  *check(review) {
    for (const { table, name, before, after } of review.changes.indexes) {
      if (before === undefined) continue;
      const now = review.after.tables.get(table);
      const isGone = review.changes.columns.some(
        (one) => one.table === table && one.name === before.columns[0] && one.after === undefined,
      );
      if (isGone) continue;
      const begins = (columns: readonly string[]): boolean =>
        before.columns.every((one, at) => columns[at] === one);
      const others = [...(now?.indexes.values() ?? []), ...(now?.uniques.values() ?? [])];
      if (others.some(({ columns }) => begins(columns)) || begins(now?.primaryKey ?? [])) continue;
      yield {
        about: `${table}.${name}`,
        ...onBigTable(review, table),
        at: statementOn(review, ['drop index', 'drop column'], table, [name, ...before.columns]),
        message: `${name} on ${table} (${before.columns.join(', ')}) ${after === undefined ? 'is dropped' : 'changes'}`,
        safe: [
          engineOf(review) === 'postgresql'
            ? {
                text: 'See in production whether it is used:',
                sql:
                  'SELECT idx_scan, last_idx_scan FROM pg_stat_user_indexes WHERE ' +
                  `indexrelname = '${name}';`,
              }
            : { text: 'See in production that no query is planned with it.' },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

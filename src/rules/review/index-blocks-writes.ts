import type { Action } from '../../facts/review/action.ts';
import { tableBefore } from '../../facts/review/before.ts';
import { statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { onBigTable } from '../text/big-tables.ts';
import { allowed, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'index-blocks-writes',
  severity: 'note',
  title: 'an index is built on a published table of PostgreSQL',
  why: 'Nobody can write to the table until it is built, which takes minutes on a large one.',
  details:
    'Unique ones too; that of a unique constraint keeps readers out as well. CONCURRENTLY blocks nobody, and runs in ' +
    'no migration. A warning for `bigTables` of the configuration.',
  fix: 'On a large table, build it by hand before the release, and let the migration find it.',
  examples: {
    refused: 'CREATE INDEX "events_at_idx" ON "events" ("at");',
    passes: 'CREATE INDEX IF NOT EXISTS "events_at_idx" ON "events" ("at"); built by hand before',
  },
  judges: 'migration',
  point: 'names',
  *check(review) {
    if (review.dialect !== 'postgresql') return;
    const q = quoting(review.dialect);
    for (const { table, name, after } of [...review.changes.indexes, ...review.changes.uniques]) {
      if (after === undefined || tableBefore(review, table) === undefined) continue;
      const at = statementOn(review, ['create index', 'add constraint'], table, [name]);
      const built = at?.actions.find(
        (one): one is Built =>
          (one.kind === 'create index' || one.kind === 'add constraint') &&
          sameName(one.name, name),
      );
      if (at === undefined || built === undefined) continue;
      const isIndex = built.kind === 'create index';
      if (isIndex ? built.concurrently : built.constraint?.of !== 'unique') continue;
      if (/\bIF\s+NOT\s+EXISTS\b/i.test(at.source)) continue;
      const by = (words: string): string =>
        isIndex
          ? at.source.replace(/\bINDEX\b/i, `INDEX ${words}`)
          : `CREATE UNIQUE INDEX ${words} ${q(name)} ON ${q(table)} (${after.columns.map(q).join(', ')})${nullsOf(at)}`;
      const taken = `\nALTER TABLE ${q(table)} ADD CONSTRAINT ${q(name)} UNIQUE USING INDEX ${q(name)};`;
      yield {
        about: `${table}.${name}`,
        at,
        ...onBigTable(review, table),
        message: `${name} is built while nobody can ${isIndex ? 'write to' : 'read or write'} ${table}`,
        safe: [
          {
            text:
              `If ${table} is large, run this by hand before the release, outside of a ` +
              'transaction:',
            sql: `${by('CONCURRENTLY IF NOT EXISTS')};`,
          },
          {
            text: 'And put this into the migration:',
            sql:
              `${allowed('sql-edited', 'built by hand before the release')}\n` +
              `${by('IF NOT EXISTS')};${isIndex ? '' : taken}`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

type Built = Extract<Action, { readonly kind: 'create index' | 'add constraint' }>;

function nullsOf({ source }: ReadStatement): string {
  return /\bNULLS\s+NOT\s+DISTINCT\b/i.test(source) ? ' NULLS NOT DISTINCT' : '';
}

import { hasRows } from '../../facts/review/find.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { onBigTable } from '../text/big-tables.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'table-locked',
  severity: 'note',
  title: 'a statement locks a whole table, or builds it again',
  why: 'Nobody can write to the table until the whole migration has run, and often not read it.',
  details:
    'LOCK TABLE in a mode that holds writes off, CLUSTER and REINDEX of PostgreSQL; LOCK TABLES of ' +
    'MySQL, which also ends the transaction. A warning for `bigTables` of the configuration.',
  fix: 'Leave the lock to the statements that need one, or run it when nobody waits for the table.',
  examples: {
    refused: 'LOCK TABLE "orders" IN ACCESS EXCLUSIVE MODE;',
    passes: 'LOCK TABLE "orders" IN SHARE UPDATE EXCLUSIVE MODE;',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const engine = engineOf(review);
    for (const at of review.statements) {
      const [word, table] = engine === 'postgresql' || engine === 'mysql' ? (lockIn(at) ?? []) : [];
      if (word === undefined || table === undefined || !hasRows(review, table)) continue;
      yield {
        about: `${word} ${table}`,
        at,
        ...onBigTable(review, table),
        message: `${word} holds ${table} until the migration has run`,
        safe: [{ text: `If ${table} is large or busy, run it when nobody waits for the table.` }],
      };
    }
  },
} as const satisfies ReviewRule;

/** The word of the statement, and the table. */
function lockIn({ tokens }: ReadStatement): readonly [word: string, table: string] | undefined {
  const words = tokens.map(({ text }) => text).join(' ');
  const [, word = '', name = '', rest = ''] =
    /^(LOCK(?: TABLES?)?|CLUSTER|REINDEX TABLE)(?: ONLY)? ((?:"[^"]*"|`[^`]*`|\w+)(?: \. (?:"[^"]*"|\w+))?)(.*)$/i.exec(
      words,
    ) ?? [];
  if (word === '' || (/^(?:CLUSTER|REINDEX)/i.test(word) && /CONCURRENTLY/i.test(words)))
    return undefined;
  if (/\bIN (?:ACCESS SHARE|ROW SHARE|ROW EXCLUSIVE|SHARE UPDATE EXCLUSIVE) MODE/i.test(rest))
    return undefined;
  return [
    word.toUpperCase(),
    name
      .replaceAll(/["`]/g, '')
      .replaceAll(' . ', '.')
      .replace(/^public\./, ''),
  ];
}

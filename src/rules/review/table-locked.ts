import { Cursor } from '../../facts/review/cursor.ts';
import { hasRows } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
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
    'Of PostgreSQL LOCK TABLE in a mode that holds writes off, CLUSTER, REINDEX, ATTACH PARTITION and ' +
    'SET LOGGED, UNLOGGED, TABLESPACE and ACCESS METHOD; of MySQL LOCK TABLES, which also ends the ' +
    'transaction, and ALTER TABLE with ALGORITHM = COPY, LOCK = SHARED or EXCLUSIVE, CONVERT TO ' +
    'CHARACTER SET, PARTITION BY or REMOVE PARTITIONING. A warning for `bigTables` of the ' +
    'configuration.',
  fix: 'Leave the lock to the statements that need one, or run it when nobody waits for the table.',
  examples: {
    refused: 'LOCK TABLE "orders" IN ACCESS EXCLUSIVE MODE;',
    passes: 'LOCK TABLE "orders" IN SHARE UPDATE EXCLUSIVE MODE;',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const engine = engineOf(review);
    if (engine !== 'postgresql' && engine !== 'mysql') return;
    for (const at of review.statements)
      for (const [word, table] of locksIn(review, at)) {
        if (!hasRows(review, table)) continue;
        const until =
          word === 'LOCK TABLES'
            ? 'UNLOCK TABLES, and every table that it does not name is out of reach'
            : engine === 'mysql'
              ? 'the statement has run'
              : 'the migration has run';
        yield {
          about: `${word} ${table}`,
          at,
          ...onBigTable(review, table),
          message: `${word} holds ${table} until ${until}`,
          safe: [{ text: `If ${table} is large or busy, run it when nobody waits for the table.` }],
        };
      }
  },
} as const satisfies ReviewRule;

type Lock = readonly [word: string, table: string];

function locksIn(review: Review, { tokens }: ReadStatement): readonly Lock[] {
  const at = new Cursor(tokens, review.dialect);
  if (at.takes('LOCK')) return locked(at, at.takes('TABLES') ? 'LOCK TABLES' : lockWord(at));
  if (at.hasAhead('CONCURRENTLY')) return [];
  if (at.takes('CLUSTER') || at.takes('REINDEX')) return rebuilt(review, at, tokens[0]?.text ?? '');
  if (!at.takes('ALTER TABLE')) return [];
  at.takes('IF EXISTS');
  at.takes('ONLY');
  const table = at.name();
  if (at.takes('ATTACH PARTITION')) return [['ATTACH PARTITION', at.name()]];
  const words = ALTERATIONS[engineOf(review) === 'mysql' ? 'mysql' : 'postgresql'].find((one) =>
    at.hasAhead(one),
  );
  return words === undefined ? [] : [[words, table]];
}

const ALTERATIONS = {
  postgresql: ['SET LOGGED', 'SET UNLOGGED', 'SET TABLESPACE', 'SET ACCESS METHOD'],
  mysql: [
    'ALGORITHM = COPY',
    'ALGORITHM COPY',
    'LOCK = SHARED',
    'LOCK = EXCLUSIVE',
    'CONVERT TO CHARACTER SET',
    'PARTITION BY',
    'REMOVE PARTITIONING',
  ],
} as const;

function lockWord(at: Cursor): string {
  return at.takes('TABLE') ? 'LOCK TABLE' : 'LOCK';
}

/** `a, ONLY b, c AS d READ`, unless the mode lets others write. */
function locked(at: Cursor, word: string): readonly Lock[] {
  if (WEAK.some((mode) => at.hasAhead(`IN ${mode} MODE`))) return [];
  const found: Lock[] = [];
  do {
    at.takes('ONLY');
    found.push([word, at.name()]);
    at.skipToComma();
  } while (at.takes(','));
  return found;
}

const WEAK = ['ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE'];

/** CLUSTER of a table, REINDEX of one or of an index; those of a whole schema run in no transaction. */
function rebuilt({ before }: Review, at: Cursor, verb: string): readonly Lock[] {
  at.takeInside();
  at.takes('VERBOSE');
  const isIndex = at.takes('INDEX');
  const word = `${verb.toUpperCase()}${isIndex ? ' INDEX' : at.takes('TABLE') ? ' TABLE' : ''}`;
  const name = at.name();
  if (name === '' || (word === 'REINDEX' && !isIndex)) return [];
  if (!isIndex) return [[word, name]];
  const table = [...before.tables.values()].find(({ indexes, uniques }) =>
    [...indexes.keys(), ...uniques.keys()].some((one) => sameName(one, name)),
  );
  return table === undefined ? [] : [[word, table.name]];
}

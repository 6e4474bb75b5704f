import { Cursor } from '../../facts/review/cursor.ts';
import { hasRows, statementOn } from '../../facts/review/find.ts';
import type { Action } from '../../facts/review/action.ts';
import { lostGuarantees } from '../../facts/review/lost.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Table } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import { listed } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'guarantee-dropped',
  severity: 'note',
  title: 'a foreign key, unique constraint or check is dropped, or a key gets ON DELETE CASCADE',
  why: 'Rows that break it can come, or rows go that it kept; once they have, nothing brings it back.',
  details:
    'Of published tables; libSQL also drops the reference that its ALTER COLUMN does not say ' +
    'again. Not where the table keeps such a guarantee, under whatever name, or a column goes. Also ' +
    'where a unique index is about less, or another column, under its old name, by ALTER DOMAIN, of constraints that ' +
    'only SQL by hand made, unless the same migration adds it again, or one that can be the same by ' +
    'its kind and the columns in its name, and of a foreign key that gets ON DELETE CASCADE. ' +
    'DROP NOT NULL says what it does, and passes. Of MySQL also ENGINE = MyISAM and the like, which ' +
    'keep no foreign keys and no transactions: a warning for a published table.',
  fix: 'Make sure that the code guarantees it now.',
  examples: {
    refused: 'ALTER TABLE "users" DROP CONSTRAINT "users_email_unique";',
    passes: 'a unique index over the same columns in the same migration',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    // Of libSQL a foreign key goes where its column is defined again without it.
    const kinds = review.dialect === 'turso' ? [...ENDING, 'alter column' as const] : ENDING;
    for (const { table, name, isChanged, columns, what } of lostGuarantees(review))
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, kinds, table, [name, ...columns]),
        message:
          `${name} ${isChanged ? 'changes' : 'is dropped'}: ${what} of ${table} is no longer ` +
          'guaranteed',
        safe: IN_CODE,
      };
    yield* deleting(review);
    yield* madeByHand(review);
    yield* withoutTransactions(review);
  },
} as const satisfies ReviewRule;

const ENDING = ['drop constraint', 'drop index', 'drop column'] as const;

const IN_CODE: Notice['safe'] = [
  { text: 'Make sure that the code guarantees it now, or leave it.' },
];

/** Foreign keys that take rows along from now on. */
function* deleting(review: Review): Iterable<Notice> {
  const q = quoting(review.dialect);
  for (const { table, name, before, after } of review.changes.foreignKeys) {
    if (before === undefined || after?.onDelete !== 'cascade' || before.onDelete === 'cascade')
      continue;
    const then = before.onDelete.startsWith('set')
      ? 'emptied the column'
      : 'failed while there were some';
    yield {
      about: `${table}.${name}`,
      at: statementOn(review, ['drop constraint', 'add constraint'], table, [name]),
      message: `a DELETE from ${after.target} deletes its rows of ${table} too from now on; it ${then} before`,
      safe: [
        {
          text: `Look for code that deletes from ${after.target}. See how many rows go with one at most:`,
          sql: `SELECT count(*) FROM ${q(table)} GROUP BY ${after.columns.map(q).join(', ')} ORDER BY 1 DESC LIMIT 9;`,
        },
      ],
    };
  }
}

/** Constraints that no snapshot has, as those of a domain. */
function* madeByHand(review: Review): Iterable<Notice> {
  // SQL Server keeps a default as a constraint.
  if (review.dialect === 'mssql') return;
  const { statements, earlier, before, changes } = review;
  const actions = [...earlier, ...statements].flatMap((one) => one.actions);
  for (const at of statements) {
    const tables = at.actions.flatMap((one) => {
      if (one.kind !== 'drop constraint' || !hasRows(review, one.table)) return [];
      const own = [...before.tables.values()].find(({ name }) => sameName(name, one.table));
      const isKnown =
        own === undefined ||
        /(?:_pk|_pkey|^primary)$/i.test(one.name) ||
        [own.uniques, own.foreignKeys, own.checks].some((all) =>
          [...all.keys()].some((name) => sameName(name, one.name)),
        );
      const isReplaced =
        own !== undefined && actions.some((other) => replaces(own, one.name, other));
      const isKey = changes.primaryKeys.some(({ table }) => sameName(table, one.table));
      const isGone = !review.after.tables.has(one.table);
      return isKnown || isKey || isReplaced || isGone ? [] : [{ table: own.name, name: one.name }];
    });
    const [first] = tables;
    if (first === undefined) continue;
    const { name } = first;
    const all = listed(tables.map(({ table }) => table));
    yield {
      about: `${first.table}.${name}`,
      at,
      message: `${name}, which no snapshot has, is dropped: rows of ${all} need not keep to it any more`,
      safe: IN_CODE,
    };
  }
}

/** What the usual names of constraints say of their kind. */
const KINDS = {
  check: /(?:^|_)(?:check|chk|ck)\d*(?:_|$)/i,
  'foreign key': /(?:^|_)(?:fk|fkey)\d*(?:_|$)/i,
  unique: /(?:^|_)(?:unique|uniq|key|uq|uk)\d*(?:_|$)/i,
};

/**
 * Whether it can guarantee what a dropped constraint did, of which only the name is known, or leaves
 * nothing to guarantee: it has that name, or is of no other kind and about columns that the name has.
 */
function replaces(of: Table, lost: string, action: Action): boolean {
  if (!('table' in action) || !sameName(action.table ?? '', of.name)) return false;
  const kind = Object.entries(KINDS).find(([, words]) => words.test(lost))?.[0];
  switch (action.kind) {
    case 'set not null':
    case 'drop column':
      return isIn(lost, action.column);
    case 'create index':
      return (
        action.unique &&
        (sameName(action.name, lost) ||
          ((kind ?? 'unique') === 'unique' && isAbout(lost, action.columns)))
      );
    case 'add constraint': {
      if (sameName(action.name, lost)) return true;
      const { constraint } = action;
      if (constraint === undefined || (kind ?? constraint.of) !== constraint.of) return false;
      return isAbout(
        lost,
        constraint.of === 'check'
          ? [...of.columns.keys()].filter((column) => isIn(constraint.condition, column))
          : constraint.columns,
      );
    }
    default:
      return false;
  }
}

function isAbout(lost: string, columns: readonly string[]): boolean {
  return columns.length > 0 && columns.every((column) => isIn(lost, column));
}

function isIn(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.toLowerCase());
}

/** What a table loses or never has with another engine of MySQL. */
function* withoutTransactions(review: Review): Iterable<Notice> {
  if (review.dialect !== 'mysql') return;
  const q = quoting(review.dialect);
  for (const at of review.statements) {
    const words = new Cursor(at.tokens, review.dialect);
    const isNew = at.actions.some(({ kind }) => kind === 'create table');
    if (!isNew && !words.hasNext('ALTER TABLE')) continue;
    words.takes('ALTER TABLE');
    const table = isNew
      ? at.actions.flatMap((one) => (one.kind === 'create table' ? [one.table] : []))[0]
      : words.name();
    words.skipTo(/^ENGINE$/i);
    if (table === undefined || table.startsWith('#temp.') || !words.takes('ENGINE')) continue;
    words.takes('=');
    const found = ENGINES.find(({ name }) => words.isOneOf(name));
    if (found === undefined) continue;
    yield {
      about: `engine ${table}`,
      at,
      ...(hasRows(review, table) ? { severity: 'warning' as const } : {}),
      message: `${table} gets the engine ${found.engine}, which ${found.loses}`,
      safe: [{ text: 'Leave it at InnoDB:', sql: `ALTER TABLE ${q(table)} ENGINE = InnoDB;` }],
    };
  }
}

const NO_KEYS = 'has no transactions and ignores foreign keys';

const ENGINES: readonly {
  readonly name: RegExp;
  readonly engine: string;
  readonly loses: string;
}[] = [
  { name: /^MyISAM$/i, engine: 'MyISAM', loses: NO_KEYS },
  { name: /^(?:MERGE|MRG_MyISAM)$/i, engine: 'MERGE', loses: NO_KEYS },
  { name: /^ARCHIVE$/i, engine: 'ARCHIVE', loses: `${NO_KEYS}, and takes no UPDATE or DELETE` },
  { name: /^CSV$/i, engine: 'CSV', loses: 'has no transactions, keys or indexes' },
  {
    name: /^(?:MEMORY|HEAP)$/i,
    engine: 'MEMORY',
    loses: 'loses every row when the server restarts',
  },
  { name: /^BLACKHOLE$/i, engine: 'BLACKHOLE', loses: 'keeps no row' },
];

import { isImplied } from '../../facts/review/conditions.ts';
import { allAre, columnsNow, isNewAndEmpty, tableBefore } from '../../facts/review/before.ts';
import { copiedInto } from '../../facts/review/copied-columns.ts';
import { isNotValid, statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import { columnIn } from '../../facts/review/table-parts.ts';
import { columnAfter, textAfter } from '../../facts/review/renamed.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { Table } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';
import { onBigTable } from '../text/big-tables.ts';
import { allowed, engineOf, inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'check-on-existing-rows',
  severity: 'warning',
  title: 'a check is made for rows that are there',
  why: 'One row that breaks it makes it fail; PostgreSQL reads the whole table under a lock.',
  details:
    'Also where the condition of a check changes, and by ALTER DOMAIN. Exempt are a check under ' +
    'another name, unless it is about the time, and one that is about columns which the same change ' +
    'adds alone. One that lets ' +
    'through all that the checks of the table did, as with more values in IN (...), is a note, of ' +
    'PostgreSQL alone; a warning for `bigTables` of the configuration.',
  fix: 'Look for rows that break it first; on PostgreSQL add it NOT VALID and validate it later.',
  examples: {
    refused: 'ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK ("age" >= 18);',
    passes: 'the same with NOT VALID, and VALIDATE CONSTRAINT in a later migration',
  },
  judges: 'migration',
  point: 'keys',
  *check(review, state) {
    const q = quoting(review.dialect);
    for (const { table, name, after } of review.changes.checks) {
      const old = tableBefore(review, table);
      if (after === undefined || old === undefined) continue;
      const held = [...old.checks.values()].map((one) => textAfter(one, old, review.renames));
      const isSteady = !AT_RUN_TIME.test(after);
      if ((isSteady && held.includes(after)) || isOfNewColumns(review, table, after)) continue;
      const at = statementOn(review, ['add constraint'], table, [name]);
      if (isNotValid(at, name)) continue;
      const isHeld =
        isSteady &&
        areAsBefore(review, old, table, after, at) &&
        isImplied(after, [...held, ...ofColumns(review, table, old)], review.dialect);
      if (isHeld && engineOf(review) !== 'postgresql') continue;
      const [owner] = /^ALTER DOMAIN\s+\S+/i.exec(at?.source ?? '') ?? [`ALTER TABLE ${q(table)}`];
      yield {
        about: `${table}.${name}`,
        at,
        ...(isHeld ? { severity: 'note' as const, ...onBigTable(review, table) } : {}),
        message: isHeld
          ? `${name} is checked for the rows of ${table}: none breaks it, and all are read under a lock`
          : `${name} is checked for the rows of ${table}, which fails if one breaks it`,
        safe: [
          ...(isHeld
            ? []
            : [
                {
                  text: 'Look for rows that break it; there must be none:',
                  sql: `SELECT * FROM ${q(table)} WHERE NOT (${after});`,
                },
              ]),
          ...(engineOf(review) === 'postgresql'
            ? [
                {
                  text: 'On a large table, let it look at new rows only:',
                  sql:
                    `${allowed('sql-edited', 'the old rows are validated in a later migration')}\n${at?.source} ` +
                    'NOT VALID;',
                },
                inCustom('Check the old rows in a later migration, which blocks nobody:', state, [
                  `${owner} VALIDATE CONSTRAINT ${q(name)};`,
                ]),
              ]
            : []),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** What is so in every row because of its columns: they are NOT NULL, or new and empty. */
function ofColumns(review: Review, table: string, old: Table): readonly string[] {
  const full = [...old.columns.values()].filter(({ notNull }) => notNull);
  const empty = review.changes.columns.filter((one) => isNewAndEmpty(review, table, one.name));
  return [
    ...allAre(
      table,
      columnsNow(
        review,
        old,
        full.map(({ name }) => name),
      ),
      'IS NOT NULL',
    ),
    ...allAre(
      table,
      empty.map(({ name }) => name),
      'IS NULL',
    ),
  ];
}

/** Whether the rows have what they had in the columns of a condition, where a statement looks at it. */
function areAsBefore(
  { statements, earlier, rebuilt, renames, changes }: Review,
  old: Table,
  table: string,
  condition: string,
  until: ReadStatement | undefined,
): boolean {
  // Of a table that SQLite copies it looks at what is in the copy.
  const end =
    until === undefined || rebuilt.has(table) ? statements.length : statements.indexOf(until);
  const isRead = (column: string): boolean =>
    isIn(condition, column) || isIn(condition, columnAfter(old.name, column, renames));
  let copies = 0;
  const isWritten = [...earlier, ...statements.slice(0, end)].some(({ actions }) =>
    actions.some((one) => {
      if (one.kind === 'unread') return true;
      // SQLite: the copy of the rows is one INSERT.
      if (!('table' in one) || one.table === undefined) return false;
      const isCopy = sameName(one.table, `__new_${table}`);
      if (!isCopy && ![old.name, table].some((name) => sameName(name, one.table ?? '')))
        return false;
      if (one.kind === 'update') return one.columns.some(isRead);
      // What is dropped comes again with other values.
      const isOther = one.kind === 'change type' || one.kind === 'drop column';
      if (one.kind === 'insert') return !isCopy || copies++ > 0;
      if (one.kind === 'add constraint') return one.isNotValid;
      // It takes the name of one that had other values.
      const isTaken =
        one.kind === 'rename column' &&
        isIn(condition, one.to) &&
        columnIn(old, one.to) !== undefined;
      return isTaken || (isOther && isRead(one.column));
    }),
  );
  // SQLite compares what it keeps in a column of another type in another way.
  const isOfOtherType = changes.columns.some(
    ({ table: of, name, before, after }) =>
      of === table && before !== undefined && before.type !== after?.type && isRead(name),
  );
  const copied = copiedInto(statements, [`__new_${table}`]);
  const isCopied = copied.length > 0 && copied.every(({ column, from }) => column === from);
  return !isWritten && !isOfOtherType && (!rebuilt.has(table) || isCopied);
}

/** Whether the same change adds all columns that a condition names: it gives them their values too. */
function isOfNewColumns({ changes, after }: Review, table: string, condition: string): boolean {
  const named = [...(after.tables.get(table)?.columns.keys() ?? [])].filter((name) =>
    isIn(condition, name),
  );
  return (
    named.length > 0 &&
    named.every((name) =>
      changes.columns.some(
        (one) => one.table === table && one.name === name && one.before === undefined,
      ),
    )
  );
}

/** What a condition says of the time or the session: rows that kept to it need not any more. */
const AT_RUN_TIME = new RegExp(
  String.raw`\b(?:(?:now|age|random|timeofday|current_setting|\w+_timestamp)\s*\(|` +
    'current_(?:date|time|timestamp|user|role)|localtime|session_user)',
  'i',
);

/** Whether a condition names a column. */
function isIn(condition: string, column: string): boolean {
  const name = column.replaceAll(/\W/g, String.raw`\$&`);
  return new RegExp(`(?<![\\w'])${name}(?![\\w'])`, 'i').test(condition);
}

import { isImplied } from '../../facts/review/conditions.ts';
import { tableBefore } from '../../facts/review/before.ts';
import { copiedInto } from '../../facts/review/copied-columns.ts';
import { isNotValid, statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import { textAfter } from '../../facts/review/renamed.ts';
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
    'another name, and one that is about columns which the same change adds alone. One that lets ' +
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
      if (held.includes(after) || isOfNewColumns(review, table, after)) continue;
      const at = statementOn(review, ['add constraint'], table, [name]);
      if (isNotValid(at, name)) continue;
      const isHeld = areAsBefore(review, table) && isImplied(after, held, review.dialect);
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

/** Whether the rows have the values that the checks of the table have let through. */
function areAsBefore({ statements, earlier, rebuilt }: Review, table: string): boolean {
  const isWritten = [...earlier, ...statements].some(({ actions }) =>
    actions.some(
      (one) =>
        /^(?:insert|update|change type)$/.test(one.kind) &&
        'table' in one &&
        one.table !== undefined &&
        sameName(one.table, table),
    ),
  );
  const copied = copiedInto(statements, [`__new_${table}`]);
  const isCopied = copied.length > 0 && copied.every(({ column, from }) => column === from);
  return !isWritten && (!rebuilt.has(table) || isCopied);
}

/** Whether the same change adds all columns that a condition names: it gives them their values too. */
function isOfNewColumns({ changes, after }: Review, table: string, condition: string): boolean {
  const isNamed = (name: string): boolean =>
    new RegExp(`(?<![\\w'])${name.replaceAll(/\W/g, String.raw`\$&`)}(?![\\w'])`).test(condition);
  const named = [...(after.tables.get(table)?.columns.keys() ?? [])].filter(isNamed);
  return (
    named.length > 0 &&
    named.every((name) =>
      changes.columns.some(
        (one) => one.table === table && one.name === name && one.before === undefined,
      ),
    )
  );
}

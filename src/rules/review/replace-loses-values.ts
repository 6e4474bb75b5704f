import { hasRows, mentions } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Table } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed, several } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'replace-loses-values',
  severity: 'warning',
  title: 'a REPLACE deletes the row that it replaces, with more than it brings back',
  why: 'Columns that it does not list lose their values, and rows that refer to the old one go with it.',
  details:
    'REPLACE INTO of MySQL and SQLite, and INSERT OR REPLACE: a row with the same key is deleted, ' +
    'and a new one is inserted. Where foreign keys are on, that runs ON DELETE CASCADE and SET NULL ' +
    'of other tables (`foreignKeys` of the configuration says whether they are, for SQLite). ' +
    'UPDATE OR REPLACE of SQLite deletes the other rows that have the new key. Silent ' +
    'are tables to which no such key points, where the statement lists every column, and a ' +
    'statement that lists no whole key: it replaces nothing.',
  fix: 'Insert and update in one statement, which leaves the row where it is.',
  examples: {
    refused: "REPLACE INTO `plans` (`id`, `name`) VALUES (1, 'free');",
    passes:
      "INSERT INTO `plans` (`id`, `name`) VALUES (1, 'free') ON DUPLICATE KEY UPDATE `name` = 'free';",
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements)
      for (const action of at.actions) {
        if (action.kind === 'update' && action.replaces === true)
          yield* replacing(review, at, action);
        if (action.kind !== 'insert' || !action.replaces || !hasRows(review, action.table))
          continue;
        const table = [...review.before.tables.values()].find(({ name }) =>
          sameName(name, action.table),
        );
        if (table === undefined) continue;
        const own = [...table.columns.values()].filter(({ generated }) => generated === undefined);
        const isGiven = (column: string): boolean =>
          action.columns.length === 0 || action.columns.some((one) => sameName(one, column));
        const given = own.flatMap(({ name }) => (isGiven(name) ? [name] : []));
        const key = keysOf(table).find((columns) => columns.every(isGiven));
        if (key === undefined) continue;
        const lost = own.flatMap(({ name }) => (isGiven(name) ? [] : [name]));
        const effects = [
          ...(lost.length === 0 ? [] : [`loses ${several(lost)}`]),
          ...effectsOnOthers(review, table.name),
        ];
        if (effects.length === 0) continue;
        yield {
          about: table.name,
          at,
          message: `each row of ${table.name} that is replaced is deleted first: it ${effects.join(', and ')}`,
          safe: [
            {
              text: 'Begin with INSERT INTO, and put this at the end:',
              sql: upsert(review, at, key, given),
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

/** UPDATE OR REPLACE, where it sets a key. */
function* replacing(
  review: Review,
  at: ReadStatement,
  action: { readonly table: string; readonly columns: readonly string[] },
): Iterable<Notice> {
  const table = [...review.before.tables.values()].find(({ name }) => sameName(name, action.table));
  const key =
    table === undefined
      ? undefined
      : keysOf(table).find((columns) =>
          columns.some((one) => action.columns.some((set) => sameName(set, one))),
        );
  if (table === undefined || key === undefined) return;
  const effects = effectsOnOthers(review, table.name);
  const more = effects.length === 0 ? '' : `, and each ${effects.join(', and ')}`;
  yield {
    about: `update ${table.name}`,
    at,
    message: `other rows of ${table.name} that have the new ${listed(key)} already are deleted${more}`,
    safe: [
      {
        text: 'Leave OR REPLACE out: SQLite then refuses where another row has the value.',
        sql: at.source.replace(/\bOR\s+REPLACE\s+/i, '').replace(/;?$/, ';'),
      },
    ],
  };
}

/** The columns by which a row can be the same. */
function keysOf({ primaryKey, uniques }: Table): readonly (readonly string[])[] {
  const whole = [...uniques.values()].filter(
    ({ expression, where }) => !expression && where === undefined,
  );
  return [primaryKey, ...whole.map(({ columns }) => columns)].filter(({ length }) => length > 0);
}

/** What ON DELETE does to other tables. */
function effectsOnOthers(review: Review, table: string): readonly string[] {
  const isLite = engineOf(review) === 'sqlite';
  if (isLite && review.said.foreignKeys === 'off') return [];
  const keys = [...review.before.tables.values()].flatMap(({ name, foreignKeys }) =>
    [...foreignKeys.values()]
      .filter(({ target }) => target === table)
      .map(({ onDelete, columns }) => ({
        name,
        onDelete,
        column: `${name}.${columns.join(', ')}`,
      })),
  );
  const rows = keys.flatMap(({ name, onDelete }) => (onDelete === 'cascade' ? [name] : []));
  const values = keys.flatMap(({ column, onDelete }) =>
    ['set null', 'set default'].includes(onDelete) ? [column] : [],
  );
  const where = isLite && review.said.foreignKeys !== 'on' ? ' where foreign keys are on' : '';
  return [
    ...(rows.length === 0 ? [] : [`takes its rows of ${several(rows)} along${where}`]),
    ...(values.length === 0 ? [] : [`empties ${several(values)}${where}`]),
  ];
}

function upsert(
  review: Review,
  at: ReadStatement,
  key: readonly string[],
  given: readonly string[],
): string {
  const q = quoting(review.dialect);
  const set = given.filter((one) => !key.includes(one));
  const each = (value: (column: string) => string, columns = set): string =>
    columns.map((one) => `${q(one)} = ${value(q(one))}`).join(', ');
  if (engineOf(review) === 'mysql')
    return (
      'ON DUPLICATE KEY UPDATE ' +
      `${set.length === 0 ? each((one) => one, key.slice(0, 1)) : each((one) => `VALUES(${one})`)};`
    );
  const does = set.length === 0 ? 'NOTHING' : `UPDATE SET ${each((one) => `excluded.${one}`)}`;
  // Without a WHERE in front of it, SQLite takes ON for that of a join.
  const where = mentions(at, 'SELECT') && !mentions(at, 'WHERE') ? 'WHERE true ' : '';
  return `${where}ON CONFLICT (${key.map(q).join(', ')}) DO ${does};`;
}

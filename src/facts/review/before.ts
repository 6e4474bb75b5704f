import type { Dialect } from '../../model/dialect.ts';
import { isImplied } from './conditions.ts';
import { statementOn } from './find.ts';
import { bareOf } from './names.ts';
import type { ForeignKey, Table, Unique } from './picture.ts';
import { columnAfter, tableAfter } from './renamed.ts';
import type { Review } from './review.ts';
import type { ReadStatement } from './statement.ts';

/** A table as databases have it, by the name that it has after the migration. */
export function tableBefore({ before, renames }: Review, table: string): Table | undefined {
  return [...before.tables.values()].find(({ name }) => tableAfter(name, renames) === table);
}

/** The columns of a key that was there, by their names after the migration. */
export function columnsNow(
  { renames }: Review,
  table: Table,
  columns: readonly string[],
): readonly string[] {
  return columns.map((column) => columnAfter(table.name, column, renames));
}

/** Whether the migration adds a column in which every row has NULL. */
export function isNewAndEmpty({ changes }: Review, table: string, column: string): boolean {
  return changes.columns.some(
    ({ table: of, name, before, after }) =>
      of === table &&
      name === column &&
      before === undefined &&
      after?.default === undefined &&
      after?.generated === undefined &&
      after?.notNull === false,
  );
}

/** Whether a table had a foreign key from the same columns to the same ones, whatever its name. */
export function hadForeignKey(review: Review, table: string, key: ForeignKey): boolean {
  const old = tableBefore(review, table);
  if (old === undefined) return false;
  return [...old.foreignKeys.values()].some((one) => {
    const target = review.before.tables.get(one.target);
    const then =
      target === undefined ? one.targetColumns : columnsNow(review, target, one.targetColumns);
    return (
      tableAfter(one.target, review.renames) === key.target &&
      same(columnsNow(review, old, one.columns), key.columns) &&
      same(then, key.targetColumns)
    );
  });
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

/** A foreign key that databases do not have yet. */
export interface NewForeignKey {
  readonly table: string;
  readonly key: ForeignKey;
  /** Undefined where an earlier migration makes it. */
  readonly at: ReadStatement | undefined;
}

/** The foreign keys that the migration makes, of new tables too; not those that only got another name. */
export function newForeignKeys(review: Review): readonly NewForeignKey[] {
  const { changes } = review;
  const ofNewTables = changes.tables.flatMap(({ name, before, after }) =>
    before === undefined
      ? [...(after?.foreignKeys.values() ?? [])].map((key) => ({ table: name, key }))
      : [],
  );
  const ofKnownTables = changes.foreignKeys.flatMap(({ table, after: key }) =>
    key === undefined || hadForeignKey(review, table, key) ? [] : [{ table, key }],
  );
  return [...ofNewTables, ...ofKnownTables].map(({ table, key }) => ({
    table,
    key,
    at: statementOn(review, ['add constraint', 'create table', 'add column'], table, [
      key.name,
      table,
      ...key.columns,
    ]),
  }));
}

/** What of a unique constraint or index, or of a primary key, says which rows are the same. */
export type UniqueKey = Pick<Unique, 'columns' | 'where' | 'nullsEqual'>;

/** All that keeps rows of a table from being the same. */
export function uniquesOf({ uniques, primaryKey }: Table): readonly UniqueKey[] {
  // In a primary key there is no NULL.
  return [...uniques.values(), { columns: primaryKey, nullsEqual: true }];
}

/**
 * Whether `one` keeps all rows apart that `key` would, as far as their words show.
 * @param table its name, which conditions may have in them
 */
export function distinguishes(
  one: UniqueKey,
  key: UniqueKey,
  table: string,
  dialect: Dialect,
): boolean {
  const has = (part: string): boolean => key.columns.includes(part);
  return (
    one.columns.length > 0 &&
    (key.nullsEqual !== true || one.nullsEqual === true) &&
    one.columns.every((part) => has(part) || has(FOLDED.exec(part)?.[1] ?? '')) &&
    (one.where === undefined ||
      isImplied(
        one.where,
        // Rows with NULL there are never the same.
        [
          ...(key.where === undefined ? [] : [key.where]),
          ...(key.nullsEqual === true ? [] : allAre(table, key.columns, 'IS NOT NULL')),
        ],
        dialect,
      ))
  );
}

/** What is the same has the same small letters. */
const FOLDED = /^(?:lower|upper)\(["`]?(\w+)["`]?\)$/i;

/** That columns are so, as people write it. */
export function allAre(
  table: string,
  columns: readonly string[],
  words: 'IS NULL' | 'IS NOT NULL',
): readonly string[] {
  return columns.flatMap((column) =>
    // Without quotes PostgreSQL means another one.
    [...(/[A-Z]/.test(column) ? [] : ['']), '"', '`'].flatMap((quote) => {
      const [name, own] = [column, bareOf(table)].map((one) => `${quote}${one}${quote}`);
      return [`${name} ${words}`, `${own}.${name} ${words}`];
    }),
  );
}

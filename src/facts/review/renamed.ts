import type { Action } from './action.ts';
import { bareOf } from './names.ts';
import type { Table } from './picture.ts';

/** What was renamed, in the order in which it was. */
export type Rename = Extract<Action, { readonly kind: 'rename table' | 'rename column' }>;

/** The name that a table has after these renames. */
export function tableAfter(table: string, renames: readonly Rename[]): string {
  return stepsOf(table, renames).at(-1)?.to ?? table;
}

/** The renames among these that a table goes through. */
export function stepsOf(table: string, renames: readonly Rename[]): readonly Rename[] {
  let name = table;
  return renames.filter((one) => {
    const isOwn = one.kind === 'rename table' && one.table === name;
    if (isOwn) name = one.to;
    return isOwn;
  });
}

/** Likewise of a column. @param table its table's name before them */
export function columnAfter(table: string, column: string, renames: readonly Rename[]): string {
  let [own, name] = [table, column];
  for (const one of renames) {
    if (one.kind === 'rename table') own = one.table === own ? one.to : own;
    // drizzle-kit writes the renames of tables first, and `_meta` has them all with the new name.
    else if (one.column === name && [own, tableAfter(table, renames)].includes(one.table))
      name = one.to;
  }
  return name;
}

/** A condition or an expression with the names that its table and columns have after these renames. */
export function textAfter(text: string, table: Table, renames: readonly Rename[]): string {
  const named = new Map(
    [...table.columns.keys()].map((name) => [name, columnAfter(table.name, name, renames)]),
  );
  const [own, to] = [table.name, tableAfter(table.name, renames)].map((name) => bareOf(name));
  return text.replaceAll(/(?<!['\w])[A-Za-z_]\w*(?!['\w])/g, (word, at: number) => {
    const isTable = word === own && /^["`\]]?\./.test(text.slice(at + word.length));
    return (isTable ? to : named.get(word)) ?? word;
  });
}

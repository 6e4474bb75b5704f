import type { Action } from './action.ts';

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

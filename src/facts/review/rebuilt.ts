import { sameName } from './names.ts';
import type { ReadStatement } from './statement.ts';

/** A table that a migration builds again in the place of the old one. */
export interface Rebuilt {
  readonly table: string;
  /** Its CREATE TABLE. */
  readonly at: ReadStatement;
  /** Whether the rows of the old one are copied into it. */
  readonly keepsRows: boolean;
}

/**
 * The tables that a migration replaces: as drizzle-kit alters those of SQLite (`__new_users`, a
 * copy, DROP, RENAME), and as people do it by hand, with the rows or without them.
 */
export function rebuiltIn(statements: readonly ReadStatement[]): readonly Rebuilt[] {
  const all = statements.flatMap((at) => at.actions.map((action) => ({ at, action })));
  return all.flatMap(({ at, action }): Rebuilt[] => {
    if (action.kind !== 'create table') return [];
    const renamed = all.find(
      ({ action: one }) => one.kind === 'rename table' && sameName(one.table, action.table),
    )?.action;
    const table = renamed?.kind === 'rename table' ? renamed.to : action.table;
    const isReplaced = all.some(
      ({ action: one }) =>
        (one.kind === 'drop table' || one.kind === 'rename table') &&
        sameName(one.table, table) &&
        one !== renamed,
    );
    const keepsRows = all.some(
      ({ action: one }) =>
        one.kind === 'insert' && [action.table, table].some((name) => sameName(one.table, name)),
    );
    return isReplaced ? [{ table, at, keepsRows }] : [];
  });
}

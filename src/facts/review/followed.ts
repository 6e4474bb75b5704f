import type { Action } from './action.ts';
import type { ReadStatement } from './statement.ts';

/**
 * The statements with each table under the name that it has after the migration, in whatever case
 * and whatever it is called on the way: `RENAME TABLE users TO old, users_v2 TO users` makes the
 * name mean another one. What is dropped has the name that databases know. Renames and CREATE TABLE
 * stay as written.
 * @param known the tables that databases have
 */
export function followed(
  statements: readonly ReadStatement[],
  known: Iterable<string>,
): readonly ReadStatement[] {
  /** What each name means at the moment: a table that is there, or one that is made here. */
  const meant = new Map([...known].map((name) => [name.toLowerCase(), name]));
  const origins = new Map<Action, string>();
  for (const action of statements.flatMap(({ actions }) => actions)) {
    if (!('table' in action) || action.table === undefined) continue;
    const name = action.table.toLowerCase();
    const origin = meant.get(name);
    if (origin !== undefined) origins.set(action, origin);
    if (/^(?:rename|create|drop) table$/.test(action.kind)) meant.delete(name);
    if (action.kind === 'rename table' && origin !== undefined)
      meant.set(action.to.toLowerCase(), origin);
  }
  const finals = new Map<string, string>();
  for (const action of statements.flatMap(({ actions }) => actions)) {
    const origin = action.kind === 'rename table' ? origins.get(action) : undefined;
    if (action.kind === 'rename table' && origin !== undefined) finals.set(origin, action.to);
  }
  const renamed = (action: Action): Action => {
    const origin = origins.get(action);
    if (origin === undefined || /^(?:rename|create) table$/.test(action.kind)) return action;
    const table = action.kind === 'drop table' ? origin : (finals.get(origin) ?? origin);
    return 'table' in action && action.table !== table ? ({ ...action, table } as Action) : action;
  };
  return statements.map((one) => ({ ...one, actions: one.actions.map(renamed) }));
}

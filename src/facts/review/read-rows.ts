import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import type { Cursor } from './cursor.ts';
import { alwaysHolds, onlyNotNull } from './conditions.ts';

/** What a statement does to rows; undefined where it is about something else. */
export function readRows(at: Cursor): readonly Action[] | undefined {
  if (at.takes('WITH')) {
    const tables = at.takeTo(/^(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|SELECT)$/i);
    return [...inTables(at, tables), ...(readRows(at) ?? [])];
  }
  if (at.takes('INSERT') || at.takes('REPLACE', 0)) return insertion(at);
  if (at.takes('MERGE')) return merge(at);
  if (at.takes('UPDATE')) {
    at.takes('OR', 2);
    at.skipWords(MODIFIERS);
    const table = at.name();
    const isJoined = at.isJoined;
    const columns = setColumns(at);
    return [{ kind: 'update', table, columns, ...rowsMeant(at, isJoined) }];
  }
  if (!at.takes('DELETE')) return undefined;
  at.skipWords(MODIFIERS);
  // MySQL: DELETE p FROM posts p JOIN ...
  if (!at.isOneOf(/^FROM$/i)) at.names();
  if (!at.takes('FROM')) return [];
  at.takes('ONLY');
  return [{ kind: 'delete', table: at.name(), columns: [], ...rowsMeant(at) }];
}

const MODIFIERS = /^(?:ONLY|LOW_PRIORITY|QUICK|IGNORE)$/i;

/** What the queries in front of a statement do themselves: `WITH gone AS (DELETE FROM ...)`. */
function inTables(at: Cursor, tokens: readonly Token[]): readonly Action[] {
  const list = at.over(tokens);
  const actions: Action[] = [];
  while (!list.isAtEnd) {
    list.skipTo(/^\($/);
    const inside = list.takeInside();
    if (inside !== undefined) actions.push(...(readRows(at.over(inside)) ?? []));
  }
  return actions;
}

function insertion(at: Cursor): readonly Action[] {
  const replaces = at.takes('REPLACE') || at.takes('OR REPLACE');
  at.skipTo(/^INTO$/i);
  if (!at.takes('INTO')) return [];
  const table = at.name();
  const list = at.takeInside();
  // MySQL: REPLACE INTO t SET a = 1
  const isSet = list === undefined && at.isOneOf(/^SET$/i);
  const columns = list === undefined ? (isSet ? setColumns(at) : []) : at.over(list).names();
  return [{ kind: 'insert', table, replaces, columns }];
}

/** `MERGE INTO t USING s ON ... WHEN MATCHED THEN UPDATE SET ... WHEN NOT MATCHED BY SOURCE THEN DELETE` */
function merge(at: Cursor): readonly Action[] {
  at.takes('INTO');
  at.takes('ONLY');
  const table = at.name();
  at.skipTo(/^ON$/i);
  at.takes('ON');
  const hasWhere = !alwaysHolds(at.takeTo(/^WHEN$/i));
  const actions: Action[] = [];
  while (at.takes('WHEN')) {
    const when = new Set(at.takeTo(/^THEN$/i).map(({ text }) => text.toUpperCase()));
    const isAll = when.has('SOURCE') && !when.has('AND');
    at.takes('THEN');
    if (at.takes('DELETE'))
      actions.push({ kind: 'delete', table, columns: [], hasWhere: hasWhere && !isAll });
    else if (at.takes('UPDATE'))
      actions.push({ kind: 'update', table, columns: setColumns(at), hasWhere });
    at.skipTo(/^WHEN$/i);
  }
  return actions;
}

/** Which rows an UPDATE or DELETE means. */
function rowsMeant(
  at: Cursor,
  isJoined = at.isJoined,
): { readonly hasWhere: boolean; readonly isTrivial?: true; readonly whereNotNull?: string } {
  if (isJoined || at.hasAhead('LIMIT')) return { hasWhere: true };
  at.skipTo(/^WHERE$/i);
  if (!at.takes('WHERE')) return { hasWhere: false };
  const condition = at.takeTo(/^(?:RETURNING|ORDER|LIMIT|OPTION)$/i);
  if (alwaysHolds(condition)) return { hasWhere: false, isTrivial: true };
  const column = onlyNotNull(condition);
  return {
    hasWhere: true,
    ...(column === undefined ? {} : { whereNotNull: at.over([column]).name() }),
  };
}

/** The columns before each `=` of SET, and those of `(a, b) = ...`. */
function setColumns(at: Cursor): readonly string[] {
  at.skipTo(/^SET$/i);
  const columns: string[] = [];
  if (!at.takes('SET')) return columns;
  do {
    if (at.takes('(')) {
      columns.push(...at.names());
      at.takes(')');
    } else columns.push(at.name().split('.').at(-1) ?? '');
    at.skipTo(/^(?:,|WHERE|FROM|RETURNING|WHEN|ORDER|LIMIT)$/i);
  } while (at.takes(','));
  return columns;
}

import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import type { Cursor } from './cursor.ts';
import { alwaysHolds, onlyNotNull, onlyPositive } from './conditions.ts';
import { sameName } from './names.ts';
import { joinedAs, readJoins, type Joined } from './read-joins.ts';

/** What a statement does to rows; undefined where it is about something else. */
export function readRows(at: Cursor): readonly Action[] | undefined {
  if (at.takes('WITH')) {
    const tables = at.takeTo(/^(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|SELECT)$/i);
    return [...inTables(at, tables), ...(readRows(at) ?? [])];
  }
  if (at.takes('INSERT') || at.takes('REPLACE', 0)) return insertion(at);
  if (at.takes('MERGE')) return merge(at);
  if (at.takes('UPDATE')) return updated(at);
  return at.takes('DELETE') ? deleted(at) : undefined;
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
  if (at.takes('AS')) at.name();
  const list = at.takeInside();
  // MySQL: REPLACE INTO t SET a = 1
  const isSet = list === undefined && at.isOneOf(/^SET$/i);
  const columns = list === undefined ? (isSet ? setColumns(at) : []) : at.over(list).names();
  const own: Action = { kind: 'insert', table, replaces, columns };
  if (!at.isOneOf(/^(?:SELECT|WITH|\()$/i)) return [own];
  const hasWhere = !isWhole(at, table);
  const set = replaces ? columns : upserted(at);
  if (set === undefined) return [own];
  const isLimited = hasWhere || at.hasAhead('WHERE');
  return [own, { kind: 'update', table, columns: set, hasWhere: isLimited }];
}

/** Steps over the query of an INSERT: whether it gives each row of the table that it is for. */
function isWhole(at: Cursor, table: string): boolean {
  const list = at.takeTo(/^(?:FROM|ON)$/i);
  if (!at.takes('FROM')) return false;
  const isOwn = sameName(at.name(), table);
  at.takes('AS');
  if (!at.isOneOf(BEHIND_SOURCE)) at.name();
  const where = at.takes('WHERE') ? at.takeTo(BEHIND_SOURCE) : undefined;
  const isAlone = at.isAtEnd || at.hasNext('ON CONFLICT') || at.hasNext('ON DUPLICATE');
  const isOfGroups = list.some(({ text }) => /^(?:count|max|min|sum|avg|distinct)$/i.test(text));
  return isOwn && isAlone && !isOfGroups && (where === undefined || alwaysHolds(where));
}

/** What may come behind the table of FROM; another word is a name for it. */
const WORDS_BEHIND_SOURCE =
  'WHERE ON USING USE FORCE JOIN LEFT RIGHT FULL NATURAL INNER CROSS GROUP HAVING WINDOW ORDER LIMIT ' +
  'OFFSET FETCH FOR UNION EXCEPT INTERSECT TABLESAMPLE RETURNING';
const BEHIND_SOURCE = new RegExp(`^(?:[,(]|${WORDS_BEHIND_SOURCE.replaceAll(' ', '|')})$`, 'i');

/** What DO UPDATE SET, or ON DUPLICATE KEY UPDATE, writes to rows that are there. */
function upserted(at: Cursor): readonly string[] | undefined {
  at.skipTo(/^UPDATE$/i);
  if (!at.takes('UPDATE')) return undefined;
  at.takes('SET');
  return assigned(at).map(columnOf);
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

function updated(at: Cursor): readonly Action[] {
  const replaces = at.takes('OR REPLACE');
  at.takes('OR', 2);
  at.skipWords(MODIFIERS);
  if (at.takes('TOP')) return [];
  // MySQL: UPDATE users u JOIN teams t ON ... SET u.name = t.title
  const tables = at.takeTo(/^SET$/i);
  const name = at.over(tables).name();
  const set = setNames(at);
  const alias = set.find((one) => one.includes('.'))?.replace(/\.[^.]*$/, '') ?? name;
  // SQL Server: UPDATE u SET name = t.title FROM users u JOIN teams t ON ...
  const isFrom = at.joinsTarget && at.takes('FROM');
  const joined = joinedIn(at, isFrom ? at.takeTo(BEHIND_TABLES) : tables);
  const own = joinedAs(joined, alias);
  const update = { table: own?.table ?? name, columns: set.map(columnOf) };
  const rows = rowsMeant(at, joined, own, update.table);
  return [{ kind: 'update', ...update, ...rows, ...(replaces ? { replaces } : {}) }];
}

function deleted(at: Cursor): readonly Action[] {
  at.skipWords(MODIFIERS);
  if (at.takes('TOP')) return [];
  // MySQL: DELETE p FROM posts p JOIN ..., and DELETE FROM p USING posts p JOIN ...
  const listed = namesIn(at, at.takeTo(/^(?:FROM|WHERE|OUTPUT|OPTION)$/i));
  if (!at.takes('FROM') && listed.length === 0) return [];
  at.takes('ONLY');
  const first =
    listed.length > 0
      ? []
      : at.takeTo(/^(?:FROM|USING|WHERE|ORDER|LIMIT|OUTPUT|OPTION|RETURNING)$/i);
  const isListed = listed.length > 0 || (at.joinsTarget && (at.takes('USING') || at.takes('FROM')));
  const joined = isListed ? joinedIn(at, at.takeTo(BEHIND_TABLES)) : [];
  const names = listed.length > 0 ? listed : namesIn(at, first).slice(0, isListed ? undefined : 1);
  const rest = at.takeTo(/^$/);
  return names.map((name) => {
    const own = joinedAs(joined, name);
    const table = own?.table ?? name;
    return { kind: 'delete', table, columns: [], ...rowsMeant(at.over(rest), joined, own, table) };
  });
}

const BEHIND_TABLES = /^(?:WHERE|ORDER|LIMIT|OUTPUT|OPTION)$/i;

/** `a, b.*` */
function namesIn(at: Cursor, tokens: readonly Token[]): readonly string[] {
  return at.over(tokens.filter(({ text }) => text !== '*')).names();
}

function joinedIn(at: Cursor, tokens: readonly Token[]): readonly Joined[] {
  return at.joinsTarget ? readJoins(at.over(tokens)) : [];
}

/** Which rows an UPDATE or DELETE means of a table. @param own it among those that are joined */
function rowsMeant(
  at: Cursor,
  joined: readonly Joined[],
  own: Joined | undefined,
  table: string,
): Pick<OfRows, 'hasWhere' | 'why' | 'whereNotNull' | 'wherePositive'> {
  if (own?.isLimited === true || at.hasAhead('LIMIT')) return { hasWhere: true };
  at.skipTo(/^WHERE$/i);
  if (!at.takes('WHERE'))
    return { hasWhere: false, ...(joined.length > 1 ? { why: 'every row is joined' } : {}) };
  const condition = at.takeTo(/^(?:RETURNING|ORDER|LIMIT|OPTION)$/i);
  if (alwaysHolds(condition)) return { hasWhere: false, why: 'it always holds' };
  const [column, positive] = [onlyNotNull(condition), onlyPositive(condition)];
  const whereNotNull =
    column === undefined ? onlyInItself(at.over(condition), table) : at.over([column]).name();
  return {
    hasWhere: true,
    ...(whereNotNull === undefined ? {} : { whereNotNull }),
    ...(positive === undefined ? {} : { wherePositive: at.over([positive]).name() }),
  };
}

/** The column of `id IN (SELECT id FROM t)`, where that is all: each row that has a value is there. */
function onlyInItself(at: Cursor, table: string): string | undefined {
  const whole = at.takeInside();
  if (whole !== undefined) return at.isAtEnd ? onlyInItself(at.over(whole), table) : undefined;
  const column = columnOf(at.name());
  const isIn = at.takes('IN') || at.takes('= ANY') || at.takes('= SOME');
  const query = at.over((isIn ? at.takeInside() : undefined) ?? []);
  if (!at.isAtEnd || !query.takes('SELECT')) return undefined;
  query.takes('DISTINCT');
  const isSame = sameName(columnOf(query.name()), column);
  if (!isSame || !query.takes('FROM') || !sameName(query.name(), table)) return undefined;
  query.takes('AS');
  query.name();
  return query.isAtEnd ? column : undefined;
}

type OfRows = Extract<Action, { readonly kind: 'update' | 'delete' }>;

function columnOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function setColumns(at: Cursor): readonly string[] {
  return setNames(at).map(columnOf);
}

/** The columns before each `=` of SET, and those of `(a, b) = ...`, with what is in front of them. */
function setNames(at: Cursor): readonly string[] {
  at.skipTo(/^SET$/i);
  return at.takes('SET') ? assigned(at) : [];
}

function assigned(at: Cursor): readonly string[] {
  const columns: string[] = [];
  do {
    if (at.takes('(')) {
      columns.push(...at.names());
      at.takes(')');
    } else columns.push(at.name());
    at.skipTo(/^(?:,|WHERE|FROM|RETURNING|WHEN|ORDER|LIMIT)$/i);
  } while (at.takes(','));
  return columns;
}

import { byName, usualName } from '../../schema/diff/compare.ts';
import {
  isJson,
  listField,
  recordsIn,
  textField,
  type Json,
} from '../../schema/diff/snapshot-json.ts';
import { columnAfter, tableAfter, type Rename } from '../review/renamed.ts';

/** A snapshot under the names after a change, and what was called otherwise. */
export interface RenamedTables {
  readonly snapshot: Json;
  /** By the name after it: the name before. */
  readonly tables: ReadonlyMap<string, string>;
  /** By the table's and the column's names after it. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const WITH_COLUMNS = ['indexes', 'compositePrimaryKeys', 'uniqueConstraints'] as const;

/**
 * The snapshot before a change, with tables and columns under the names that they have after it,
 * wherever they are named but in SQL; keys, indexes and the like keep their own. A rename to what
 * is not there afterwards is none.
 * @param before as `withTables` makes it, as `after` is
 */
export function renamedTables(
  before: Json,
  after: Json,
  renames: readonly Rename[],
): RenamedTables {
  if (renames.length === 0) return { snapshot: before, tables: new Map(), columns: new Map() };
  const [then, later] = [byName(before, 'tables'), byName(after, 'tables')];
  const nameNow = newNames([...then.keys()], (name) => tableAfter(name, renames), later);
  const columnsNow = new Map(
    [...then].map(([name, table]) => [
      name,
      newNames(
        [...recordsIn(table, 'columns').keys()],
        (column) => columnAfter(name, column, renames),
        recordsIn(later.get(nameNow.get(name) ?? name) ?? {}, 'columns'),
      ),
    ]),
  );
  const columnNow = (table: string, column: unknown): unknown =>
    typeof column === 'string' ? (columnsNow.get(table)?.get(column) ?? column) : column;
  const tables = [...then].map(([name, table]) => [
    name,
    { ...table, ...renamedTable(table, name, { nameNow, columnNow }) },
  ]);
  return {
    snapshot: { ...before, tables: Object.fromEntries(tables) },
    tables: turned(nameNow),
    columns: new Map(
      [...columnsNow]
        .map(([name, columns]) => [nameNow.get(name) ?? name, turned(columns)] as const)
        .filter(([, columns]) => columns.size > 0),
    ),
  };
}

/** Each name with the one that it has afterwards. What makes room for a renamed one is gone. */
function newNames(
  names: readonly string[],
  rename: (name: string) => string,
  after: ReadonlyMap<string, Json>,
): ReadonlyMap<string, string> {
  const now = new Map(
    names.map((name) => [name, after.has(rename(name)) ? rename(name) : name] as const),
  );
  const taken = new Set([...now].filter(([from, to]) => from !== to).map(([, to]) => to));
  return new Map(
    [...now].map(([from, to]) => [from, from === to && taken.has(to) ? aside(to) : to]),
  );
}

/** Those that were renamed, by the new name. */
function turned(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...names]
      .filter(([from, to]) => from !== to && to !== aside(from))
      .map(([from, to]) => [to, from]),
  );
}

function aside(name: string): string {
  return `${name} (before)`;
}

interface Names {
  readonly nameNow: ReadonlyMap<string, string>;
  readonly columnNow: (table: string, column: unknown) => unknown;
}

function renamedTable(table: Json, own: string, { nameNow, columnNow }: Names): Json {
  const now = (column: unknown): unknown => columnNow(own, column);
  const indexed = (column: unknown): unknown =>
    isJson(column) && column['isExpression'] !== true
      ? { ...column, expression: now(column['expression']) }
      : now(column);
  const each = (part: string, change: (one: Json) => Json): Json =>
    Object.fromEntries([...recordsIn(table, part)].map(([name, one]) => [name, change(one)]));
  /** Without the schema, in which it stays. */
  const bare = (name: string, schema: string): string =>
    (nameNow.get(name) ?? name).slice(usualName(schema, '').length);
  const schema = textField(table, 'schema');
  return {
    name: bare(own, schema),
    columns: each('columns', (column) => ({ ...column, name: now(column['name']) })),
    ...Object.fromEntries(
      WITH_COLUMNS.map((part) => [
        part,
        each(part, (one) => ({ ...one, columns: listField(one, 'columns').map(indexed) })),
      ]),
    ),
    foreignKeys: each('foreignKeys', (key) => {
      const place = textField(key, 'schemaTo');
      const target = usualName(place, textField(key, 'tableTo'));
      return {
        ...key,
        ...('tableFrom' in key ? { tableFrom: bare(own, schema) } : {}),
        tableTo: bare(target, place),
        columnsFrom: listField(key, 'columnsFrom').map(now),
        columnsTo: listField(key, 'columnsTo').map((column) => columnNow(target, column)),
      };
    }),
  };
}

import {
  isJson,
  listField,
  recordField,
  textField,
  type Json,
} from '../schema/diff/snapshot-json.ts';
import type { Rename } from '../schema/thread/protocol.ts';
import { COLLECTIONS, samePlace, shownAs, type Renamed } from './renames.ts';
import { keysOf } from './shape.ts';

/** Parts of a table that name columns. */
const WITH_COLUMNS = ['indexes', 'compositePrimaryKeys', 'uniqueConstraints'] as const;

/** A snapshot after renames; one whose thing is not there, or is there under both names, is not done. */
export function withRenames(snapshot: Json, renames: readonly Renamed[]): Json {
  return renames.reduce(withRename, snapshot);
}

/** Whether the snapshot has a thing under both names, so that the rename cannot be done. */
export function isInTheWay(snapshot: Json, one: Renamed): boolean {
  const things = collectionOf(snapshot, one);
  return one.key in things && keyOf(things, one) !== undefined;
}

function withRename(snapshot: Json, one: Renamed): Json {
  const things = collectionOf(snapshot, one);
  const key = keyOf(things, one);
  if (key === undefined || one.key in things) return snapshot;
  if (one.table !== undefined) return withPartRenamed(snapshot, one, key);
  const name = COLLECTIONS[one.kind] ?? '';
  const old = things[key];
  const renamed = { ...snapshot, [name]: moved(things, key, one.key, named(old, one)) };
  switch (one.kind) {
    case 'table':
      return isJson(old) ? withTableNamed(renamed, old, one) : renamed;
    case 'enum':
      return isJson(old) ? withTypeNamed(renamed, old, one) : renamed;
    case 'schema':
      return withSchemaNamed(renamed, one);
    default:
      return renamed;
  }
}

function named(thing: unknown, { name, schema }: Renamed): unknown {
  if (!isJson(thing)) return name;
  return { ...thing, name, ...('schema' in thing ? { schema } : {}) };
}

/** Foreign keys to and of the table follow it; they keep their own names. */
function withTableNamed(snapshot: Json, old: Json, { name, schema, key: at }: Renamed): Json {
  const [then, place] = [textField(old, 'name'), textField(old, 'schema')];
  const tables = mapped(all(snapshot, 'tables'), (table, key) => ({
    ...table,
    ...onlyIf('foreignKeys', table, (keys) =>
      mapped(keys, (one) => ({
        ...one,
        ...(key === at ? { tableFrom: name } : {}),
        ...(textField(one, 'tableTo') === then && samePlace(textField(one, 'schemaTo'), place)
          ? { tableTo: name, ...('schemaTo' in one ? { schemaTo: schema || 'public' } : {}) }
          : {}),
      })),
    ),
  }));
  return withInternal({ ...snapshot, tables }, (internal) =>
    moved(internal, then, name, internal[then]),
  );
}

function withTypeNamed(snapshot: Json, old: Json, { name, schema }: Renamed): Json {
  const [then, place] = [textField(old, 'name'), textField(old, 'schema')];
  return {
    ...snapshot,
    tables: mapped(all(snapshot, 'tables'), (table) => ({
      ...table,
      columns: mapped(all(table, 'columns'), (column) => {
        const type = textField(column, 'type');
        return samePlace(textField(column, 'typeSchema'), place) &&
          type.replace(/(?:\[\d*\])+$/, '') === then
          ? { ...column, type: `${name}${type.slice(then.length)}`, typeSchema: schema }
          : column;
      }),
    })),
  };
}

function withSchemaNamed(snapshot: Json, { from, name: to }: Renamed): Json {
  const placed = (thing: Json, field: string): Json =>
    textField(thing, field) === from ? { [field]: to } : {};
  const rekeyed = (things: Json): Json =>
    Object.fromEntries(
      Object.entries(things).map(([key, thing]) =>
        isJson(thing) && textField(thing, 'schema') === from
          ? [`${to}.${textField(thing, 'name')}`, { ...thing, schema: to }]
          : [key, thing],
      ),
    );
  const collections = ['tables', 'enums', 'views', 'sequences'].filter((name) => name in snapshot);
  const renamed: Json = {
    ...snapshot,
    ...Object.fromEntries(collections.map((name) => [name, rekeyed(all(snapshot, name))])),
  };
  const tables = mapped(all(renamed, 'tables'), (table) => ({
    ...table,
    columns: mapped(all(table, 'columns'), (one) => ({ ...one, ...placed(one, 'typeSchema') })),
    ...onlyIf('foreignKeys', table, (keys) =>
      mapped(keys, (one) => ({ ...one, ...placed(one, 'schemaTo') })),
    ),
  }));
  return { ...renamed, tables };
}

/** A column, in all that names it, or a policy of a table. */
function withPartRenamed(snapshot: Json, one: Renamed, from: string): Json {
  const { kind, key: to, table: at } = one;
  const part = kind === 'policy' ? 'policies' : 'columns';
  const isColumn = part === 'columns';
  const inList = (names: Json, field: string): Json =>
    field in names
      ? { [field]: listField(names, field).map((name) => inColumn(name, from, to)) }
      : {};
  const own = (table: Json): boolean => isTable(table, at);
  const tables = mapped(all(snapshot, 'tables'), (table) => ({
    ...table,
    ...(own(table)
      ? { [part]: moved(all(table, part), from, to, called(all(table, part)[from], to)) }
      : {}),
    ...(isColumn && own(table)
      ? Object.fromEntries(
          WITH_COLUMNS.filter((name) => name in table).map((name) => [
            name,
            mapped(all(table, name), (thing) => ({ ...thing, ...inList(thing, 'columns') })),
          ]),
        )
      : {}),
    ...(isColumn
      ? onlyIf('foreignKeys', table, (keys) =>
          mapped(keys, (foreign) => ({
            ...foreign,
            ...(own(table) ? inList(foreign, 'columnsFrom') : {}),
            ...(textField(foreign, 'tableTo') === at?.table &&
            samePlace(textField(foreign, 'schemaTo'), at.schema)
              ? inList(foreign, 'columnsTo')
              : {}),
          })),
        )
      : {}),
  }));
  return withInternal({ ...snapshot, tables }, (internal) => {
    const table = internal[at?.table ?? ''];
    if (!isColumn || !isJson(table)) return internal;
    const columns = all(table, 'columns');
    return {
      ...internal,
      [at?.table ?? '']: { ...table, columns: moved(columns, from, to, columns[from]) },
    };
  });
}

function called(thing: unknown, name: string): unknown {
  return isJson(thing) ? { ...thing, name } : thing;
}

/** PostgreSQL keeps an index's columns as objects, the others as texts. */
function inColumn(column: unknown, from: string, to: string): unknown {
  if (column === from) return to;
  if (!isJson(column) || column['expression'] !== from || column['isExpression'] === true)
    return column;
  return { ...column, expression: to };
}

function collectionOf(snapshot: Json, { kind, table }: Rename): Json {
  if (table === undefined) return all(snapshot, COLLECTIONS[kind] ?? '');
  const found = Object.values(all(snapshot, 'tables')).find((one) => isTable(one, table));
  return isJson(found) ? all(found, kind === 'policy' ? 'policies' : 'columns') : {};
}

function keyOf(things: Json, { table, from }: Rename): string | undefined {
  if (table !== undefined) return from in things ? from : undefined;
  return Object.keys(things).find((key) => shownAs(things[key]) === from);
}

function isTable(table: unknown, at: Rename['table']): boolean {
  return textField(table, 'name') === at?.table && samePlace(textField(table, 'schema'), at.schema);
}

function all(of: Json, name: string): Json {
  return recordField(of, name, true);
}

/** The same things with one under another key, at its place. */
function moved(things: Json, from: string, to: string, thing: unknown): Json {
  if (!(from in things)) return things;
  return Object.fromEntries(
    keysOf(things).map((key) => (key === from ? [to, thing] : [key, things[key]])),
  );
}

function mapped(things: Json, change: (thing: Json, key: string) => Json): Json {
  return Object.fromEntries(
    Object.entries(things).map(([key, thing]) => [key, isJson(thing) ? change(thing, key) : thing]),
  );
}

function onlyIf(name: string, of: Json, change: (part: Json) => Json): Json {
  return name in of ? { [name]: change(all(of, name)) } : {};
}

/** What MySQL and SingleStore keep of tables besides; by the table's name. */
function withInternal(snapshot: Json, change: (tables: Json) => Json): Json {
  const internal = snapshot['internal'];
  if (!isJson(internal) || !isJson(internal['tables'])) return snapshot;
  return { ...snapshot, internal: { ...internal, tables: change(internal['tables']) } };
}

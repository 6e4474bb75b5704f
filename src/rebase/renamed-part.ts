import { isJson, listField, textField, type Json } from '../schema/diff/snapshot-json.ts';
import { partOf, samePlace, type Renamed } from './renames.ts';
import { has } from './shape.ts';
import { all, isTable, keyed, mapped, moved, onlyIf, withInternal } from './things.ts';

/** Parts of a table that name columns. */
const WITH_COLUMNS = ['indexes', 'compositePrimaryKeys', 'uniqueConstraints', 'defaults'] as const;

/** A column, in all that names it, or another part of a table. */
export function withPartRenamed(snapshot: Json, one: Renamed, from: string): Json {
  const { key: to, table: at } = one;
  const part = partOf(one);
  const isColumn = part === 'columns';
  const inList = (names: Json, field: string): Json =>
    has(names, field)
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
          WITH_COLUMNS.filter((name) => has(table, name)).map((name) => [
            name,
            keyed(
              mapped(all(table, name), (thing) => ({
                ...thing,
                ...inList(thing, 'columns'),
                ...(thing['column'] === from ? { column: to } : {}),
              })),
            ),
          ]),
        )
      : {}),
    ...(isColumn
      ? onlyIf('foreignKeys', table, (keys) =>
          keyed(
            mapped(keys, (foreign) => ({
              ...foreign,
              ...(own(table) ? inList(foreign, 'columnsFrom') : {}),
              ...(textField(foreign, 'tableTo') === at?.table &&
              samePlace(textField(foreign, 'schemaTo'), at.schema)
                ? inList(foreign, 'columnsTo')
                : {}),
            })),
          ),
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

/** PostgreSQL keeps an index's columns as objects, the others as texts; 1.x all as objects. */
function inColumn(column: unknown, from: string, to: string): unknown {
  if (column === from) return to;
  if (!isJson(column) || column['isExpression'] === true) return column;
  const field = ['expression', 'value'].find((name) => column[name] === from);
  return field === undefined ? column : { ...column, [field]: to };
}

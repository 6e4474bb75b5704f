import { isJson, listField, textField, type Json } from '../schema/diff/snapshot-json.ts';
import { samePlace, type Renamed } from './renames.ts';
import { has } from './shape.ts';
import { all, isTable, mapped, moved, onlyIf, withInternal } from './things.ts';

/** Parts of a table that name columns. */
const WITH_COLUMNS = ['indexes', 'compositePrimaryKeys', 'uniqueConstraints'] as const;

/** A column, in all that names it, or a policy of a table. */
export function withPartRenamed(snapshot: Json, one: Renamed, from: string): Json {
  const { kind, key: to, table: at } = one;
  const part = kind === 'policy' ? 'policies' : 'columns';
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

import {
  isJson,
  listField,
  recordField,
  textField,
  type Json,
} from '../schema/diff/snapshot-json.ts';
import { has } from './shape.ts';
import { isTable } from './things.ts';

/**
 * A schema without the indexes and keys that stand on a column or table that one step takes away:
 * what the base made on it since. A database refuses that step, or takes them away itself.
 * @param before the schema that the step is put on, under the names that things have after it
 */
export function withoutLost(before: Json, after: Json): Json {
  const [then, now] = [recordField(before, 'tables'), recordField(after, 'tables')];
  const isLost = (key: string | undefined, column: string): boolean =>
    key !== undefined && has(columnsOf(then[key]), column) && !has(columnsOf(now[key]), column);
  const stands = (key: string, thing: unknown): boolean => {
    const at = { schema: textField(thing, 'schemaTo'), table: textField(thing, 'tableTo') };
    const [to] = Object.entries(then).find(([, table]) => isTable(table, at)) ?? [];
    return (
      !columnNames(thing).some((name) => isLost(key, name)) &&
      (to === undefined || has(now, to)) &&
      !(isJson(thing) && listField(thing, 'columnsTo').some((name) => isLost(to, String(name))))
    );
  };
  const tables = Object.entries(now).map(([key, table]) => [
    key,
    isJson(table) ? withoutParts(table, (thing) => stands(key, thing)) : table,
  ]);
  return tables.every(([key, table]) => now[String(key)] === table)
    ? after
    : { ...after, tables: Object.fromEntries(tables) };
}

/** The names of the columns that an index or a key has. */
export function columnNames(thing: unknown): readonly string[] {
  if (!isJson(thing)) return [];
  return [...listField(thing, 'columns'), ...listField(thing, 'columnsFrom')].map((one) =>
    isJson(one) ? textField(one, 'expression') || textField(one, 'value') : String(one),
  );
}

function withoutParts(table: Json, stays: (thing: unknown) => boolean): Json {
  const gone = Object.entries(table).filter(
    ([part, things]) => part !== 'columns' && isJson(things) && !Object.values(things).every(stays),
  );
  if (gone.length === 0) return table;
  const parts = gone.map(([part, things]) => [
    part,
    Object.fromEntries(Object.entries(things as Json).filter(([, thing]) => stays(thing))),
  ]);
  return { ...table, ...Object.fromEntries(parts) };
}

function columnsOf(table: unknown): Json {
  return isJson(table) ? recordField(table, 'columns') : {};
}

import {
  isJson,
  listField,
  recordField,
  textField,
  type Json,
} from '../schema/diff/snapshot-json.ts';
import type { TableRef } from '../schema/kit/recorded-renames.ts';
import { samePlace } from './renames.ts';
import { has, keysOf } from './shape.ts';

/** Whether a table of a snapshot is this one. */
export function isTable(table: unknown, at: TableRef | undefined): boolean {
  return textField(table, 'name') === at?.table && samePlace(textField(table, 'schema'), at.schema);
}

/** What a thing has under a name, by name; nothing where it has none. */
export function all(of: Json, name: string): Json {
  return recordField(of, name, true);
}

/** The same things with one under another key, at its place. */
export function moved(things: Json, from: string, to: string, thing: unknown): Json {
  if (!has(things, from)) return things;
  return Object.fromEntries(
    keysOf(things).map((key) => (key === from ? [to, thing] : [key, things[key]])),
  );
}

/** The same things, each changed. */
export function mapped(things: Json, change: (thing: Json, key: string) => Json): Json {
  return Object.fromEntries(
    Object.entries(things).map(([key, thing]) => [key, isJson(thing) ? change(thing, key) : thing]),
  );
}

/** The same things, each that has no name of its own under what it is now made of. */
export function keyed(things: Json): Json {
  return Object.fromEntries(
    Object.entries(things).map(([key, thing]) => [unnamedKey(thing) ?? key, thing]),
  );
}

/**
 * What stands for the name of a thing to which drizzle-kit 1.x gave one: it keeps that name when a
 * table or column is renamed, so that the name says nothing. Undefined where somebody named it.
 */
export function unnamedKey(thing: unknown): string | undefined {
  if (!isJson(thing) || thing['nameExplicit'] !== false) return undefined;
  const { entityType, column, schemaTo, tableTo } = thing;
  const own = [...listField(thing, 'columns'), ...listField(thing, 'columnsFrom')];
  const columns = (own.length > 0 ? own : [column]).map(columnName).join(', ');
  const kind = `${String(entityType)} (${columns})`;
  if (tableTo === undefined) return kind;
  const to = [schemaTo, tableTo].filter(Boolean).join('.');
  return `${kind} -> ${to} (${listField(thing, 'columnsTo').join(', ')})`;
}

function columnName(column: unknown): string {
  return isJson(column) ? textField(column, 'value') : String(column);
}

/** A changed part of a thing, to spread; nothing where it has none. */
export function onlyIf(name: string, of: Json, change: (part: Json) => Json): Json {
  return has(of, name) ? { [name]: change(all(of, name)) } : {};
}

/** What MySQL and SingleStore keep of tables besides; by the table's name. */
export function withInternal(snapshot: Json, change: (tables: Json) => Json): Json {
  const internal = snapshot['internal'];
  if (!isJson(internal) || !isJson(internal['tables'])) return snapshot;
  return { ...snapshot, internal: { ...internal, tables: change(internal['tables']) } };
}

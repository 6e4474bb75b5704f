import { isJson, recordField, textField, type Json } from '../schema/diff/snapshot-json.ts';
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

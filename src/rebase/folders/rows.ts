import {
  isJson,
  listField,
  recordField,
  textField,
  type Json,
} from '../../schema/diff/snapshot-json.ts';
import { PARTS as PARTS_OF_0X } from '../../schema/diff/rows.ts';
import { unnamedKey } from '../things.ts';

/**
 * Two forms of a schema: rows, as drizzle-kit 1.x compares and keeps them, and things by name, as
 * 0.x keeps them and as schemas are merged here.
 */
export interface Forms {
  /** Undefined: nothing was before. */
  toNames(state: Json | undefined): Json;
  /** A state that was given is given back. */
  toRows(things: Json): Json;
}

/** What the parts of a table are called in 0.x, by the kind of their rows; SQL Server alone has defaults. */
const PARTS: Readonly<Record<string, string>> = { ...PARTS_OF_0X, defaults: 'defaults' };

const TOP = ['schemas', 'tables', 'enums', 'sequences', 'roles', 'views'];

/** The order in which drizzle-kit writes them. */
const KINDS = ['schemas', 'tables', 'enums', ...Object.keys(PARTS), 'sequences', 'roles', 'views'];

/**
 * @param first states whose names for what nobody named count more than those of later ones
 * @param target the evaluated schema, which says in which order new views are made
 */
export function openForms(first: readonly (Json | undefined)[], target: Json): Forms {
  const given = new WeakMap<Json, Json>();
  const names = new Map<string, string>();
  const read = new WeakMap<Json, Json>();
  const toNames: Forms['toNames'] = (state) => {
    if (state === undefined) return {};
    const known = read.get(state);
    if (known !== undefined) return known;
    const things = byName(state, (key, name) => names.has(key) || names.set(key, name));
    given.set(things, state);
    read.set(state, things);
    return things;
  };
  for (const state of first) toNames(state);
  return {
    toNames,
    toRows: (things) => {
      const rows = given.get(things) ?? { ...rowsOf(things, names), ...viewsIn(target) };
      given.set(things, rows);
      return rows;
    },
  };
}

function viewsIn({ metadata }: Json): Json {
  return metadata === undefined ? {} : { metadata };
}

function byName(state: Json, named: (key: string, name: string) => void): Json {
  const rows = listField(state, 'ddl').filter(isJson);
  const tables = new Map<string, Map<string, Map<string, Json>>>();
  const tops = new Map(TOP.map((kind) => [kind, new Map<string, Json>()]));
  const rest: [string, Json][] = [];
  for (const row of rows) {
    const kind = textField(row, 'entityType');
    if (PARTS[kind] === undefined && tops.has(kind)) tops.get(kind)?.set(keyOf(row), row);
    if (kind === 'tables') tables.set(keyOf(row), new Map());
  }
  for (const row of rows) {
    const kind = textField(row, 'entityType');
    const part = PARTS[kind];
    const at = keyOf({ schema: row['schema'], name: row['table'] });
    const parts = tables.get(at);
    if (part === undefined || parts === undefined) {
      if (!tops.has(kind)) rest.push([JSON.stringify(row), row]);
      continue;
    }
    const { key, thing } = thingOf(row);
    const name = String(row['name']);
    if (key !== undefined) named(`${at}\n${key}`, name);
    const inPart = parts.get(part) ?? new Map<string, Json>();
    inPart.set(key ?? name, thing);
    parts.set(part, inPart);
  }
  const { version, dialect } = state;
  return {
    version,
    dialect,
    ...Object.fromEntries([...tops].map(([kind, things]) => [kind, Object.fromEntries(things)])),
    tables: Object.fromEntries(
      [...(tops.get('tables') ?? [])].map(([key, row]) => [
        key,
        {
          ...row,
          ...Object.fromEntries(
            [...(tables.get(key) ?? [])].map(([part, things]) => [
              part,
              Object.fromEntries(things),
            ]),
          ),
        },
      ]),
    ),
    internal: { rows: Object.fromEntries(rest) },
  };
}

interface Thing {
  /** What counts for its name where nobody named it. */
  readonly key: string | undefined;
  readonly thing: Json;
}

/** Most rows are in all states: what is made of them is the same, too. */
const thingsOf = new WeakMap<Json, Thing>();
const rowsOfThings = new WeakMap<Json, Json>();

function thingOf(row: Json): Thing {
  const known = thingsOf.get(row);
  if (known !== undefined) return known;
  const { schema: _, table: __, name, columns, ...more } = row;
  const list = row['entityType'] === 'fks' ? 'columnsFrom' : 'columns';
  const unnamed: Json = { ...(columns === undefined ? {} : { [list]: columns }), ...more };
  const key = unnamedKey(unnamed);
  const found = { key, thing: key === undefined ? { name, ...unnamed } : unnamed };
  thingsOf.set(row, found);
  rowsOfThings.set(found.thing, row);
  return found;
}

/** `public.teams`; without a schema where there are none. */
function keyOf({ schema, name }: Json): string {
  return typeof schema === 'string' ? `${schema}.${String(name)}` : String(name);
}

function rowsOf(things: Json, names: ReadonlyMap<string, string>): Json {
  const found = new Map<string, Json[]>(KINDS.map((kind) => [kind, []]));
  const add = (row: Json): void => {
    const kind = textField(row, 'entityType');
    const some = found.get(kind) ?? [];
    some.push(row);
    found.set(kind, some);
  };
  for (const kind of TOP)
    for (const [key, thing] of Object.entries(recordField(things, kind))) {
      if (!isJson(thing)) continue;
      if (kind !== 'tables') {
        add(thing);
        continue;
      }
      add(Object.fromEntries(Object.entries(thing).filter(([name]) => !PART_NAMES.has(name))));
      for (const part of PART_NAMES)
        for (const [own, one] of Object.entries(recordField(thing, part)))
          if (isJson(one)) add(partRow(one, key, own, thing, names));
    }
  for (const row of Object.values(recordField(recordField(things, 'internal'), 'rows')))
    if (isJson(row)) add(row);
  const { version, dialect } = things;
  return { version, dialect, ddl: [...found.values()].flat() };
}

const PART_NAMES: ReadonlySet<string> = new Set(Object.values(PARTS));

function partRow(
  thing: Json,
  at: string,
  key: string,
  table: Json,
  names: ReadonlyMap<string, string>,
): Json {
  const { schema, name } = table;
  const { columns, columnsFrom, ...more } = thing;
  const own = more['nameExplicit'] === false ? nameFor(String(name), at, key, names) : key;
  const row = rowsOfThings.get(thing);
  const isHere = row?.['schema'] === schema && row?.['table'] === name && row?.['name'] === own;
  if (row !== undefined && isHere) return row;
  const all = columns ?? columnsFrom;
  return {
    ...(schema === undefined ? {} : { schema }),
    table: name,
    name: own,
    ...(all === undefined ? {} : { columns: all }),
    ...more,
  };
}

/** The name that drizzle-kit gave, or would give: it begins with the table's. */
function nameFor(
  table: string,
  at: string,
  key: string,
  names: ReadonlyMap<string, string>,
): string {
  const known = names.get(`${at}\n${key}`);
  if (known !== undefined) return known;
  for (const [place, name] of names) {
    const [other = '', same] = place.split('\n');
    const start = `${other.split('.').at(-1) ?? ''}_`;
    if (same === key && name.startsWith(start)) return `${table}_${name.slice(start.length)}`;
  }
  return `${table}_${key.replaceAll(/\W+/g, '_')}`;
}

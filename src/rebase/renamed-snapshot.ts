import { isJson, textField, type Json } from '../schema/diff/snapshot-json.ts';
import type { Rename, RenameQuestion } from '../schema/worker/protocol.ts';
import { COLLECTIONS, partOf, samePlace, shownAs, type Renamed } from './renames.ts';
import { withPartRenamed } from './renamed-part.ts';
import { has } from './shape.ts';
import { all, isTable, keyed, mapped, moved, onlyIf, withInternal } from './things.ts';

/** A snapshot after renames; one whose thing is not there, or is there under both names, is not done. */
export function withRenames(snapshot: Json, renames: readonly Renamed[]): Json {
  return renames.reduce(withRename, snapshot);
}

/** Whether the snapshot has a thing under both names, so that the rename cannot be done. */
export function isInTheWay(snapshot: Json, one: Renamed): boolean {
  const things = collectionOf(snapshot, one);
  return has(things, one.key) && keyOf(things, one) !== undefined;
}

/** Whether a snapshot has the new thing of a question. */
export function hasNamed(snapshot: Json, { kind, table, name }: RenameQuestion): boolean {
  const asked = { kind, from: name, to: name, ...(table === undefined ? {} : { table }) };
  return keyOf(collectionOf(snapshot, asked), asked) !== undefined;
}

function withRename(snapshot: Json, one: Renamed): Json {
  const things = collectionOf(snapshot, one);
  const key = keyOf(things, one);
  if (key === undefined || has(things, one.key)) return snapshot;
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
      keyed(
        mapped(keys, (one) => ({
          ...one,
          ...(key === at && 'tableFrom' in one ? { tableFrom: name } : {}),
          ...(textField(one, 'tableTo') === then && samePlace(textField(one, 'schemaTo'), place)
            ? { tableTo: name, ...('schemaTo' in one ? { schemaTo: schema || 'public' } : {}) }
            : {}),
        })),
      ),
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
      keyed(mapped(keys, (one) => ({ ...one, ...placed(one, 'schemaTo') }))),
    ),
  }));
  return { ...renamed, tables };
}

/** The things of a kind that a rename is about, by name. */
export function collectionOf(snapshot: Json, { kind, table }: Rename): Json {
  if (table === undefined) return all(snapshot, COLLECTIONS[kind] ?? '');
  const found = Object.values(all(snapshot, 'tables')).find((one) => isTable(one, table));
  return isJson(found) ? all(found, partOf({ kind })) : {};
}

function keyOf(things: Json, { table, from }: Rename): string | undefined {
  if (table !== undefined) return has(things, from) ? from : undefined;
  return Object.keys(things).find((key) => shownAs(things[key]) === from);
}

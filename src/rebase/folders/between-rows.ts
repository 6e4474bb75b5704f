import { isDeepStrictEqual } from 'node:util';
import { isJson, listField, textField, type Json } from '../../schema/diff/snapshot-json.ts';

/**
 * Whether drizzle-kit may ask about renames between two states: of one kind, something is new and
 * something is gone (`resolver` in schema/kit/folders; most of them ask a table at a time).
 */
export function mayAsk(before: Json, after: Json): boolean {
  const [then, now] = [before, after].map(namesByKind);
  return [...(now ?? [])].some(([kind, fresh]) => {
    const old = then?.get(kind);
    return old !== undefined && hasMore(fresh, old) && hasMore(old, fresh);
  });
}

function hasMore(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((name) => !other.has(name));
}

function namesByKind(state: Json): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const row of rowsIn(state)) {
    const kind = textField(row, 'entityType');
    const ofKind = names.get(kind) ?? new Set();
    ofKind.add(keyOfRow(row));
    names.set(kind, ofKind);
  }
  return names;
}

/**
 * A state with its rows as drizzle-kit's differences (v9) leave them: of each kind, what was there before keeps
 * its place, and what is new comes last. The check of the result then asks what was asked before. Snapshots with
 * all rows keep the order that they are given, in which SQLite's tables are made again, and the next migration
 * drops things.
 */
export function inPlaceOf(before: Json | undefined, after: Json): Json {
  const old = new Map(rowsIn(before ?? {}).map((row, at) => [keyOfRow(row), { row, at }]));
  const rows = rowsIn(after);
  const kinds = [...new Set(rows.map(({ entityType }) => entityType))];
  const placed = rows.map((row) => {
    const then = old.get(keyOfRow(row));
    const kind = kinds.indexOf(row['entityType']);
    return {
      row: isDeepStrictEqual(then?.row, row) ? then?.row : row,
      kind,
      at: then?.at ?? Infinity,
    };
  });
  const sorted = placed.toSorted(
    (a, b) => a.kind - b.kind || (a.at < b.at ? -1 : Number(a.at > b.at)),
  );
  return { ...after, ddl: sorted.map(({ row }) => row) };
}

function rowsIn(state: Json): readonly Json[] {
  return listField(state, 'ddl').filter(isJson);
}

function keyOfRow(row: Json): string {
  const { entityType, schema, table, name } = row;
  return name === undefined ? JSON.stringify(row) : [entityType, schema, table, name].join('\0');
}

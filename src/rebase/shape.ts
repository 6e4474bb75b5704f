import { isJson, type Json } from '../schema/diff/snapshot-json.ts';

/** Where a value is in a snapshot: `['tables', 'public.teams', 'columns', 'name', 'type']`. */
export type Path = readonly string[];

/** What a snapshot keeps by name (drizzle-kit: the schemas of src/serializer). */
const COLLECTIONS: ReadonlySet<string> = new Set([
  'tables',
  'enums',
  'schemas',
  'views',
  'sequences',
  'roles',
  'policies',
  'internal',
]);

/**
 * Whether what is at a path is compared name by name. A column is compared property by property;
 * an index, a key, a view and the like only as a whole.
 */
export function isGroup(path: Path): boolean {
  const { length } = path;
  const [top = '', , part] = path;
  if (length === 0) return true;
  if (!COLLECTIONS.has(top)) return false;
  if (length === 1 || top === 'internal') return true;
  if (top === 'enums') return length === 2;
  return top === 'tables' && (length < 4 || (length === 4 && part === 'columns'));
}

/**
 * Whether two parts of snapshots are the same to drizzle-kit. Its minor versions leave out empty
 * collections and two flags that are false.
 */
export function isSame(a: unknown, b: unknown, name = ''): boolean {
  if (a === b) return true;
  if (isJson(a) || isJson(b)) {
    if (!isJson(a ?? {}) || !isJson(b ?? {})) return false;
    const [one, other] = [(a ?? {}) as Json, (b ?? {}) as Json];
    return (
      Object.keys(one).every((key) => isSame(one[key], partOf(other, key), key)) &&
      Object.keys(other).every((key) => has(one, key) || isSame(undefined, other[key], key))
    );
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, at) => isSame(one, b[at]));
  return FLAGS.has(name) && (a ?? false) === (b ?? false);
}

const FLAGS: ReadonlySet<string> = new Set(['isRLSEnabled', 'concurrently']);

/** Ids and the record of renames are not part of the schema. */
const BESIDES: ReadonlySet<string> = new Set(['id', 'prevId', '_meta', 'version', 'dialect']);

/** The topmost paths at which two snapshots differ. */
export function differences(before: unknown, after: unknown, path: Path = []): readonly Path[] {
  const inside = isGroup(path) && isJson(before) && isJson(after);
  // Two whole snapshots, and all their tables, are compared name by name anyway.
  if (!(inside && path.length < 2) && isSame(before, after, path.at(-1))) return [];
  if (inside)
    return keysOf(before, after)
      .filter((key) => path.length > 0 || !BESIDES.has(key))
      .flatMap((key) => differences(partOf(before, key), partOf(after, key), [...path, key]));
  // Old minor versions leave out a collection that is empty, as 1.x does of those in tables.
  const isLeftOut =
    (before === undefined && isJson(after)) || (after === undefined && isJson(before));
  return isLeftOut && [0, 1, 3].includes(path.length) && isGroup(path)
    ? differences(before ?? {}, after ?? {}, path)
    : [path];
}

export function keysOf(...all: readonly Json[]): readonly string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))];
}

export function valueAt(json: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isJson(at) ? partOf(at, key) : undefined), json);
}

function partOf(json: Json, key: string): unknown {
  return has(json, key) ? json[key] : undefined;
}

/** A table may be called "constructor". */
export function has(json: Json, key: string): boolean {
  return Object.hasOwn(json, key);
}

/** The same with another value at a path; undefined takes it away. */
export function withValue(json: Json, [key = '', ...rest]: Path, value: unknown): Json {
  const inside = valueAt(json, [key]);
  const now = rest.length === 0 ? value : withValue(isJson(inside) ? inside : {}, rest, value);
  const { [key]: _, ...others } = json;
  if (now === undefined) return others;
  return { ...json, [key]: now };
}

/**
 * The same with the names in the order of another snapshot, as far as that has them.
 * @param known parts that were put into the order of the same snapshot before.
 */
export function inOrderOf(
  order: unknown,
  json: unknown,
  known: WeakMap<Json, unknown> = new WeakMap(),
  path: Path = [],
): unknown {
  if (!isGroup(path) || !isJson(order) || !isJson(json)) return json;
  const before = known.get(json);
  if (before !== undefined) return before;
  const keys = keysOf(order, json).filter((key) => has(json, key));
  const ordered = Object.fromEntries(
    keys.map((key) => [key, inOrderOf(partOf(order, key), json[key], known, [...path, key])]),
  );
  known.set(json, ordered);
  return ordered;
}

/** "teams.name", "enum status": how a path is called. */
export function nameOf([top = '', key = '', part, name]: Path): string {
  const own = key.replace(/^public\./, '');
  if (top === 'tables') return name === undefined || part === undefined ? own : `${own}.${name}`;
  return `${KINDS[top] ?? top} ${own}`;
}

const KINDS: Readonly<Record<string, string>> = {
  enums: 'enum',
  schemas: 'schema',
  views: 'view',
  sequences: 'sequence',
  roles: 'role',
  policies: 'policy',
};

/** A JSON object of unknown shape. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function field(json: Json, name: string): unknown {
  return json[name];
}

/** A field's text; '' when it has none. */
export function textField(json: unknown, name: string): string {
  const value = isJson(json) ? json[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** A field's list; empty when it has none. */
export function listField(json: Json, name: string): readonly unknown[] {
  const value = json[name];
  return Array.isArray(value) ? value : [];
}

/** A field's object, of objects only unless `any`; empty when it has none. */
export function recordField(json: Json, name: string, any?: true): Json {
  const value = json[name];
  if (!isJson(value)) return {};
  return any ? value : Object.fromEntries(Object.entries(value).filter(([, one]) => isJson(one)));
}

/**
 * A field's objects by their own names. Old versions of MySQL and SQLite snapshots keep a check or
 * an index as one text.
 */
export function recordsIn(json: Json, name: string): ReadonlyMap<string, Json> {
  const entries = Object.entries(recordField(json, name, true)).map(
    ([key, one]): readonly [string, Json] => {
      const thing = isJson(one) ? one : { name: key, value: one };
      return [textField(thing, 'name') || key, thing];
    },
  );
  return new Map(entries);
}

/**
 * Whether two pieces of snapshots mean the same: absent, null, false and empty do, and keys have no
 * order.
 */
export function alike(a: unknown, b: unknown): boolean {
  return sameText(a, b) || canonical(a) === canonical(b);
}

/** Whether they are written the same: most of two snapshots is, and this is quick to see. */
export function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function canonical(value: unknown): string {
  if (isNothing(value)) return '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJson(value)) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, one]) => !isNothing(one));
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJson(value) && Object.keys(value).length === 0;
}

import { alike, isJson, listField, recordField, textField, type Json } from './snapshot-json.ts';
import { PARTS, withTables } from './rows.ts';
import { usualName } from './compare.ts';

/** What is in no table, and how it is called. */
const TOP: Readonly<Record<string, string>> = {
  tables: '',
  schemas: 'schema ',
  enums: 'enum ',
  sequences: 'sequence ',
  views: 'view ',
  roles: 'role ',
  policies: 'policy ',
  privileges: 'privilege ',
};

const PART_NAMES: ReadonlySet<string> = new Set(Object.values(PARTS));

interface Three {
  readonly start: unknown;
  readonly made: unknown;
  readonly now: unknown;
}

/**
 * What one side of a merge did to the schema, and the merge does not do: it has not got what the side
 * added, still has what the side removed, or has as before what the side changed. What both sides made
 * or changed is left to the merge, and so is what is in a table or column that the merge has not got.
 * @param start where the sides parted; snapshots, or states of 1.x, of one dialect
 * @param isMadeAgain constraints and indexes may have got other names, and are not looked for
 * @returns what it is called: "users", "users.email"
 */
export function undone(
  start: Json,
  made: Json,
  now: Json,
  { isMadeAgain }: { readonly isMadeAgain: boolean },
): readonly string[] {
  const [before, side] = [withTables(start), withTables(made)];
  const three = { start: before, made: side, now: withOldNames(before, side, withTables(now)) };
  return Object.entries(TOP).flatMap(([top, kind]) =>
    within(inside(three, top), (things, key) => {
      const name = `${kind}${nameOf(things, key)}`;
      if (top !== 'tables') return inThing(things, name);
      return inTable(things, name, isMadeAgain);
    }),
  );
}

function inside({ start, made, now }: Three, key: string): Three {
  const at = (json: unknown): unknown =>
    isJson(json) && Object.hasOwn(json, key) ? json[key] : undefined;
  return { start: at(start), made: at(made), now: at(now) };
}

/** Of every thing that the side has, or had: what `of` says, where the side did anything to it. */
function within(
  all: Three,
  of: (things: Three, key: string) => readonly string[],
): readonly string[] {
  const keys = [all.start, all.made].flatMap((one) => (isJson(one) ? Object.keys(one) : []));
  return [...new Set(keys)].flatMap((key) => {
    const things = inside(all, key);
    return alike(things.start, things.made) || alike(things.now, things.made)
      ? []
      : of(things, key);
  });
}

function inTable(table: Three, name: string, isMadeAgain: boolean): readonly string[] {
  const { made, now } = table;
  if (made === undefined || now === undefined) return inThing(table, name);
  return within(table, (part, key) => {
    if (!PART_NAMES.has(key)) return inThing(part, `${name} (${key})`);
    if (isMadeAgain && key !== 'columns') return [];
    return within(part, (thing, own) =>
      key === 'columns' ? inColumn(thing, `${name}.${own}`) : inThing(thing, `${name}.${own}`),
    );
  });
}

function inColumn(column: Three, name: string): readonly string[] {
  const { start, made, now } = column;
  if (![start, made, now].every(isJson)) return inThing(column, name);
  const properties = within(column, (one) => (alike(one.now, one.start) ? [name] : []));
  return properties.slice(0, 1);
}

function inThing({ start, made, now }: Three, name: string): readonly string[] {
  if (made === undefined) return now === undefined ? [] : [`${name}, which it removed`];
  if (now === undefined) return start === undefined ? [name] : [];
  const values = [start, made, now].map((one) =>
    isJson(one) ? listField(one, 'values').map(String) : [],
  );
  const [before = [], side = [], merged = []] = values;
  const added = side.filter((one) => !before.includes(one) && !merged.includes(one));
  if (added.length > 0) return added.map((one) => `${name} '${one}'`);
  return start !== undefined && alike(start, now) ? [name] : [];
}

function nameOf({ start, made }: Three, key: string): string {
  const thing = made ?? start;
  return usualName(textField(thing, 'schema'), textField(thing, 'name') || key);
}

/** The merge with a table that the other side renamed under the name that it had. */
function withOldNames(start: Json, made: Json, now: Json): Json {
  const before = recordField(start, 'tables');
  const side = recordField(made, 'tables');
  const merged = recordField(now, 'tables');
  const fresh = Object.keys(merged).filter((key) => before[key] === undefined);
  const renamed = Object.keys(before).flatMap((key) => {
    if (merged[key] !== undefined || side[key] === undefined) return [];
    const found = fresh.find((one) => looksLike(before[key], merged[one]));
    return found === undefined ? [] : [[key, merged[found]] as const];
  });
  return { ...now, tables: { ...merged, ...Object.fromEntries(renamed) } };
}

/** Whether a table has more than half of another's columns. */
function looksLike(start: unknown, now: unknown): boolean {
  const [old, fresh] = [columnsOf(start), new Set(columnsOf(now))];
  return old.filter((name) => fresh.has(name)).length * 2 > old.length;
}

function columnsOf(table: unknown): readonly string[] {
  return isJson(table) ? Object.keys(recordField(table, 'columns')) : [];
}

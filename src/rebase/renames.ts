import { isJson, recordField, textField, type Json } from '../schema/diff/snapshot-json.ts';
import type { Rename, RenameQuestion } from '../schema/worker/protocol.ts';
import { has, valueAt } from './shape.ts';

/** A rename with what the thing is called in snapshots afterwards. */
export interface Renamed extends Rename {
  readonly key: string;
  readonly name: string;
  /** As the snapshot has it: '' for a table in public. */
  readonly schema: string;
}

/** Where a snapshot keeps things of a kind. */
export const COLLECTIONS: Readonly<Record<string, string>> = {
  table: 'tables',
  enum: 'enums',
  view: 'views',
  sequence: 'sequences',
  role: 'roles',
  schema: 'schemas',
  policy: 'policies',
};

/** Where a table of a snapshot keeps parts of a kind; 0.x asks about the first two alone. */
const PARTS: Readonly<Record<string, string>> = {
  column: 'columns',
  policy: 'policies',
  index: 'indexes',
  unique: 'uniqueConstraints',
  check: 'checkConstraints',
  primary_key: 'compositePrimaryKeys',
  'foreign key': 'foreignKeys',
  default: 'defaults',
};

/** The part of a table that a rename is about. */
export function partOf({ kind }: Pick<Rename, 'kind'>): string {
  return PARTS[kind] ?? '';
}

/**
 * Whether drizzle-kit may ask about renames between two snapshots: of one kind, something is new
 * and something is gone.
 */
export function mayAsk(before: Json | undefined, after: Json): boolean {
  if (before === undefined) return false;
  if (Object.values(COLLECTIONS).some((name) => hasBoth(all(before, name), all(after, name))))
    return true;
  const tables = all(after, 'tables');
  return Object.entries(all(before, 'tables')).some(([key, table]) => {
    const now = valueAt(tables, [key]);
    if (!isJson(table) || !isJson(now)) return false;
    return ['columns', 'policies'].some((name) => hasBoth(all(table, name), all(now, name)));
  });
}

/** Something new and something gone. */
function hasBoth(then: Json, now: Json): boolean {
  return (
    Object.keys(now).some((key) => !has(then, key)) &&
    Object.keys(then).some((key) => !has(now, key))
  );
}

/** The renames among drizzle-kit's questions; `after`: the snapshot that they lead to. */
export function renamesIn(questions: readonly RenameQuestion[], after: Json): readonly Renamed[] {
  return questions.flatMap(({ kind, table, name, answer }) => {
    if (answer === undefined) return [];
    const asked = { kind, ...(table === undefined ? {} : { table }), from: answer, to: name };
    return resolve(asked, after) ?? [];
  });
}

/** A rename to a thing that a snapshot has; undefined where it has none of that name. */
export function resolve(one: Rename, after: Json): Renamed | undefined {
  if (one.table !== undefined) return { ...one, key: one.to, name: one.to, schema: '' };
  const found = Object.entries(all(after, COLLECTIONS[one.kind] ?? '')).find(
    ([, thing]) => shownAs(thing) === one.to,
  );
  if (found === undefined) return undefined;
  const [key, thing] = found;
  return {
    ...one,
    key,
    name: textField(thing, 'name') || one.to,
    schema: textField(thing, 'schema'),
  };
}

/** A rename where the table was renamed too, once or more. */
export function inRenamedTables(one: Renamed, renames: readonly Renamed[]): Renamed {
  let { table } = one;
  if (table === undefined) return one;
  for (const { kind, from, schema, name } of renames)
    if (kind === 'table' && from === shown(table.schema, table.table))
      table = { schema: samePlace(schema, '') ? '' : schema, table: name };
  return { ...one, table };
}

/** As drizzle-kit's questions name a thing (`tableKey` in its cli/views.ts). */
export function shownAs(thing: unknown): string {
  return isJson(thing)
    ? shown(textField(thing, 'schema'), textField(thing, 'name'))
    : String(thing);
}

export function shown(schema: string, name: string): string {
  return samePlace(schema, '') ? name : `${schema}.${name}`;
}

/** PostgreSQL's public, or SQL Server's dbo, is what there is without a schema. */
export function samePlace(one: string, other: string): boolean {
  const [short, long] = one === '' ? [one, other] : [other, one];
  return short === long || (short === '' && (long === 'public' || long === 'dbo'));
}

function all(of: Json, name: string): Json {
  return recordField(of, name, true);
}

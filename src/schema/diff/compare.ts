import {
  describeColumn,
  describeColumnChange,
  describePart,
  describePartChange,
} from './describe.ts';
import {
  alike,
  field,
  listField,
  recordField,
  recordsIn,
  sameText,
  textField,
  type Json,
} from './snapshot-json.ts';
import { withKeptNames, withTables } from './rows.ts';
import type { Difference } from '../schema.ts';

/** Parts of a table: the snapshot's name and the kind. */
export const TABLE_PARTS = {
  indexes: 'index',
  foreignKeys: 'foreign key',
  compositePrimaryKeys: 'primary key',
  uniqueConstraints: 'unique constraint',
  checkConstraints: 'check',
  checkConstraint: 'check',
  policies: 'policy',
} as const;

/** Top-level parts besides tables. */
const TOP_PARTS = {
  schemas: 'schema',
  enums: 'enum',
  sequences: 'sequence',
  views: 'view',
  roles: 'role',
  policies: 'policy',
  privileges: 'privilege',
} as const;

/**
 * Names what differs between two snapshots, or states of 1.x, of one dialect (`then` undefined:
 * nothing was there).
 * It names causes; whether there is anything to generate is decided by drizzle-kit. A field that a
 * snapshot of an older minor version lacks counts as empty.
 */
export function compareSnapshots(then: Json | undefined, later: Json): readonly Difference[] {
  const before = then === undefined ? undefined : withTables(then);
  const after = withTables(withKeptNames(then, later));
  const differences: Difference[] = [];
  for (const [name, kind] of Object.entries(TOP_PARTS))
    differences.push(...compareTop(kind, byName(before, name), byName(after, name)));
  const [old, now] = [byName(before, 'tables'), byName(after, 'tables')];
  for (const [owner, table] of now) {
    const was = old.get(owner);
    if (was === undefined)
      differences.push({
        entity: owner,
        owner,
        kind: 'table',
        change: 'added',
        detail: columnsOf(table),
      });
    else if (!sameText(was, table)) differences.push(...compareTable(owner, was, table));
  }
  for (const [owner, table] of old)
    if (!now.has(owner))
      differences.push({
        entity: owner,
        owner,
        kind: 'table',
        change: 'removed',
        detail: columnsOf(table),
      });
  return differences;
}

function columnsOf(table: Json): string {
  const names = Object.values(recordField(table, 'columns')).map((column) =>
    textField(column, 'name'),
  );
  return names.length === 1
    ? `1 column: ${names[0]}`
    : `${names.length} columns: ${names.join(', ')}`;
}

function compareTable(owner: string, before: Json, after: Json): readonly Difference[] {
  const inTable =
    (kind: string) =>
    ({ name, change, detail }: Part): Difference => ({
      entity: `${owner}.${name}`,
      owner,
      kind,
      change,
      detail,
    });
  const differences = compareParts(
    recordsIn(before, 'columns'),
    recordsIn(after, 'columns'),
    describeColumn,
    describeColumnChange,
  ).map(inTable('column'));
  for (const [name, kind] of Object.entries(TABLE_PARTS)) {
    const describe = (part: Json): string => describePart(kind, part);
    differences.push(
      ...compareParts(
        recordsIn(before, name),
        recordsIn(after, name),
        describe,
        describePartChange,
      ).map(inTable(kind)),
    );
  }
  if (!alike(field(before, 'isRLSEnabled'), field(after, 'isRLSEnabled'))) {
    const detail = field(after, 'isRLSEnabled') === true ? 'enabled' : 'disabled';
    differences.push({
      entity: `${owner}.row level security`,
      owner,
      kind: 'row level security',
      change: 'changed',
      detail,
    });
  }
  return differences;
}

interface Part {
  readonly name: string;
  readonly change: Difference['change'];
  readonly detail: string;
}

function compareParts(
  before: ReadonlyMap<string, Json>,
  after: ReadonlyMap<string, Json>,
  describe: (part: Json) => string,
  describeChange: (before: Json, after: Json) => string,
): readonly Part[] {
  const parts: Part[] = [];
  for (const [name, part] of after) {
    const was = before.get(name);
    if (was === undefined) parts.push({ name, change: 'added', detail: describe(part) });
    else if (!alike(was, part))
      parts.push({ name, change: 'changed', detail: describeChange(was, part) });
  }
  for (const [name, part] of before)
    if (!after.has(name)) parts.push({ name, change: 'removed', detail: describe(part) });
  return parts;
}

function compareTop(
  kind: string,
  before: ReadonlyMap<string, Json>,
  after: ReadonlyMap<string, Json>,
): readonly Difference[] {
  const change = kind === 'enum' ? describeEnumChange : describePartChange;
  return compareParts(before, after, (part) => describePart(kind, part), change).map((part) => {
    const entity = `${kind} ${part.name}`;
    return { entity, owner: entity, kind, change: part.change, detail: part.detail };
  });
}

function describeEnumChange(before: Json, after: Json): string {
  const [old, now] = [
    listField(before, 'values').map(String),
    listField(after, 'values').map(String),
  ];
  const added = now
    .filter((value) => !old.includes(value))
    .map((value) => `value '${value}' added`);
  const removed = old
    .filter((value) => !now.includes(value))
    .map((value) => `value '${value}' removed`);
  const all = [...added, ...removed];
  return all.length > 0 ? all.join(', ') : 'values in another order';
}

/** PostgreSQL's and SQL Server's, and where there is none. */
const DEFAULT_SCHEMAS: ReadonlySet<string> = new Set(['', 'public', 'dbo']);

/**
 * Parts by their usual name: with their schema, unless that is the default one. A snapshot's keys
 * say more ("public.teams"); `schemas` are names only.
 */
export function byName(snapshot: Json | undefined, name: string): ReadonlyMap<string, Json> {
  const things = new Map<string, Json>();
  for (const [key, value] of Object.entries(
    snapshot === undefined ? {} : recordField(snapshot, name, true),
  )) {
    if (typeof value === 'string') things.set(value, {});
    else if (typeof value === 'object' && value !== null) {
      const thing: Json = { ...value };
      things.set(usualName(textField(thing, 'schema'), textField(thing, 'name') || key), thing);
    }
  }
  return things;
}

/** "teams", "auth.users". */
export function usualName(schema: string, name: string): string {
  return DEFAULT_SCHEMAS.has(schema) ? name : `${schema}.${name}`;
}

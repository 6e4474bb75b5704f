import { isDeepStrictEqual } from 'node:util';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import type { Generated } from '../../schema/schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** A part of a snapshot of 1.x that is about its migration, and not of the state after it. */
export interface OtherRecord {
  readonly key: 'footprints' | 'renames' | 'deltas' | 'ddl';
  /** What drizzle-kit writes there, of `deltas` the renames, of `ddl` what is other there, as JSON. */
  readonly right: readonly string[];
}

/**
 * The first record of a snapshot that is not what drizzle-kit writes. The order of what is in one says
 * nothing. v9 of PostgreSQL has footprints, and renames among its differences; the others have a list
 * of renames (`prepareMigrationRenames` in src/utils/index.ts). One of nothing that changes is not used.
 */
export function otherRecord(
  { statements, snapshot }: Extract<Generated, { status: 'answered' }>,
  own: Json,
): { readonly record?: OtherRecord } {
  for (const key of ['footprints', 'deltas', 'renames'] as const) {
    if (!Array.isArray(snapshot?.[key])) continue;
    const [right, written] = [recorded(snapshot, key), recorded(own, key)];
    if (isDeepStrictEqual(right, written)) continue;
    if (key !== 'renames' || statements.length > 0) return { record: { key, right } };
  }
  return otherRows(snapshot?.['ddl'], own['ddl']);
}

/**
 * The rows that the comparison itself writes otherwise: names that it takes over from the state
 * before, as it finds the thing by its columns.
 */
function otherRows(right: unknown, written: unknown): { readonly record?: OtherRecord } {
  if (!Array.isArray(right) || !Array.isArray(written)) return {};
  const asIs = new Set(written.map((row) => JSON.stringify(row)));
  const left = right.filter((row) => !asIs.has(JSON.stringify(row)));
  if (left.length === 0) return {};
  const known = new Set(inAnyOrder(written));
  const other = inAnyOrder(left).filter((row) => !known.has(row));
  return other.length === 0 ? {} : { record: { key: 'ddl', right: other } };
}

function recorded(json: Json, key: OtherRecord['key']): readonly string[] {
  const all: unknown = json[key];
  if (!Array.isArray(all)) return [];
  return inAnyOrder(
    key === 'deltas' ? all.filter((one) => isRecord(one) && one['op'] === 'rename') : all,
  );
}

function inAnyOrder(all: readonly unknown[]): readonly string[] {
  return all.map((one) => JSON.stringify(one, withoutOrder)).toSorted();
}

/** What a footprint names has an order: schema, table, column. What it reads and writes has none. */
function withoutOrder(_: string, value: unknown): unknown {
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).toSorted());
  const isSet = isStringArray(value) && value.some((text) => text.includes('|'));
  return isSet ? value.toSorted() : value;
}

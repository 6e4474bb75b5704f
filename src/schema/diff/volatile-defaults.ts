import { withKeptNames, withTables } from './rows.ts';
import { alike, field, recordField, type Json } from './snapshot-json.ts';

/**
 * These replace a default that changes at every evaluation, so that two runs give the same text.
 * They are a part of the fingerprint of such a finding, and must not change.
 */
const EARLIER = '(of an earlier evaluation)';
const VOLATILE = '(another at every evaluation)';

export interface Comparable {
  readonly before: Json | undefined;
  readonly after: Json;
}

/**
 * Takes volatile defaults out of a comparison: a column with `default(new Date())` has another
 * default each time that the schema is evaluated, and drizzle-kit generates a migration for it each
 * time. `after` and `again`: the snapshots of two evaluations of one schema; `before`: what they
 * are compared with, if there is anything.
 */
export function withoutVolatileDefaults(
  before: Json | undefined,
  after: Json,
  again: Json,
): Comparable {
  const later = withTables(withKeptNames(before, after));
  const volatile = volatileColumns(later, withTables(again));
  if (volatile.size === 0) return { before, after };
  return {
    before: before === undefined ? undefined : withDefault(withTables(before), volatile, EARLIER),
    after: withDefault(later, volatile, VOLATILE),
  };
}

/** Whether the detail of a difference contains such a default. */
export function isVolatile(detail: string): boolean {
  return detail.includes(VOLATILE);
}

type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/** The snapshot's key of each table -> the columns whose default changed. */
function volatileColumns(one: Json, other: Json): Columns {
  const volatile = new Map<string, Set<string>>();
  const others = recordField(other, 'tables');
  for (const [key, table] of tablesOf(one)) {
    const columns = recordField(recordField(others, key), 'columns');
    const changed = Object.entries(recordField(table, 'columns')).filter(
      ([name, column]) => !sameDefault(column, recordField(columns, name, true)),
    );
    if (changed.length > 0) volatile.set(key, new Set(changed.map(([name]) => name)));
  }
  return volatile;
}

function sameDefault(one: unknown, other: Json): boolean {
  return alike(field(asJson(one), 'default'), field(other, 'default'));
}

function withDefault(snapshot: Json, volatile: Columns, text: string): Json {
  const tables = tablesOf(snapshot).map(([key, table]) => {
    const names = volatile.get(key);
    if (names === undefined) return [key, table] as const;
    const columns = Object.entries(recordField(table, 'columns')).map(([name, value]) => {
      const column = asJson(value);
      return [
        name,
        names.has(name) && field(column, 'default') !== undefined
          ? { ...column, default: text }
          : column,
      ] as const;
    });
    return [key, { ...table, columns: Object.fromEntries(columns) }] as const;
  });
  return { ...snapshot, tables: Object.fromEntries(tables) };
}

function tablesOf(snapshot: Json): readonly (readonly [string, Json])[] {
  return Object.entries(recordField(snapshot, 'tables')).map(
    ([key, table]) => [key, asJson(table)] as const,
  );
}

function asJson(value: unknown): Json {
  return recordField({ value }, 'value', true);
}

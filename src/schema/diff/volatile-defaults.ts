import { alike, field, recordField, type Json } from './snapshot-json.ts';

/** What a snapshot says in place of a default that is another at every evaluation, so that two runs say the same. */
const EARLIER = '(of an earlier evaluation)';
const MOVING = '(another at every evaluation)';

export interface Settled {
  readonly before: Json | undefined;
  readonly after: Json;
}

/**
 * Takes the moving values out of a comparison: a column with `default(new Date())` has another default each time that
 * the schema is loaded, and drizzle-kit generates a migration for it each time. `after` and `again`: the snapshots of
 * two evaluations of one schema; `before`: what they are compared with, where there is anything.
 */
export function settleDefaults(before: Json | undefined, after: Json, again: Json): Settled {
  const moving = movingColumns(after, again);
  if (moving.size === 0) return { before, after };
  return {
    before: before === undefined ? undefined : withDefault(before, moving, EARLIER),
    after: withDefault(after, moving, MOVING),
  };
}

/** Whether what is told of a difference speaks of such a default. */
export function isMoving(detail: string): boolean {
  return detail.includes(MOVING);
}

type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/** The snapshot's key of each table -> the columns whose default moved. */
function movingColumns(one: Json, other: Json): Columns {
  const moving = new Map<string, Set<string>>();
  const others = recordField(other, 'tables');
  for (const [key, table] of tablesOf(one)) {
    const columns = recordField(recordField(others, key), 'columns');
    const moved = Object.entries(recordField(table, 'columns')).filter(
      ([name, column]) => !sameDefault(column, recordField(columns, name, true)),
    );
    if (moved.length > 0) moving.set(key, new Set(moved.map(([name]) => name)));
  }
  return moving;
}

function sameDefault(one: unknown, other: Json): boolean {
  return alike(field(asJson(one), 'default'), field(other, 'default'));
}

function withDefault(snapshot: Json, moving: Columns, text: string): Json {
  const tables = tablesOf(snapshot).map(([key, table]) => {
    const names = moving.get(key);
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

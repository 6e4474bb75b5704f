import { isRecord } from '../../../model/unknown.ts';
import { property } from '../foreign-module.ts';
import type { Functions } from './regions.ts';
import { DIALECT, RECONSTRUCT } from './sources.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row before and after its rename. */
export interface Renamed {
  readonly from: Row;
  readonly to: Row;
}

/**
 * The renames among the differences of a v9 snapshot, in order.
 * @param state drizzle-kit's rows before them; they are applied to it
 */
export function renamesOfDeltas(
  kit: Functions,
  state: unknown,
  deltas: readonly unknown[],
): readonly Renamed[] {
  const apply = kit.get(RECONSTRUCT, 'applyDeltas');
  const rowAt = kit.get(DIALECT, 'findRow');
  return deltas.flatMap((delta) => {
    const row =
      property(delta, 'op') === 'rename' ? rowAt(state, property(delta, 'key')) : undefined;
    const [from, set] = [isRecord(row) ? { ...row } : undefined, property(delta, 'set')];
    apply(state, [delta]);
    return from === undefined || !isRecord(set) ? [] : [{ from, to: { ...from, ...set } }];
  });
}

/**
 * In the form that the `renames` of other snapshots have (`prepareMigrationRenames` in
 * `src/utils/index.ts`).
 */
export function renameText({ from, to }: Renamed): string {
  return `${nameOf(from)}->${nameOf(to)}`;
}

/**
 * Rows in which the renamed ones stand in the order of their renames, as they do in the schema. In
 * the differences a renamed row keeps its place.
 */
export function inOrderOfRenames(
  rows: readonly unknown[],
  renames: readonly Renamed[],
): readonly unknown[] {
  const keys = renames.map(({ to }) => keyOf(to));
  const moved = keys.flatMap((key) => rows.filter((row) => keyOf(row) === key).slice(0, 1));
  const queue = [...moved];
  return rows.map((row) => (moved.includes(row) ? queue.shift() : row));
}

function keyOf(row: unknown): string {
  return JSON.stringify(['entityType', 'schema', 'table', 'name'].map((key) => property(row, key)));
}

function nameOf({ schema, table, name }: Row): string {
  return [schema, table, name].filter(Boolean).join('.');
}

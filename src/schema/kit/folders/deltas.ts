import { isRecord } from '../../../model/unknown.ts';
import { property } from '../foreign-module.ts';
import type { Functions } from './regions.ts';
import { DIALECT, RECONSTRUCT } from './sources.ts';

/**
 * The renames among the differences of a v9 snapshot, in order, in the form that the `renames` of
 * other snapshots have (`prepareMigrationRenames` in `src/utils/index.ts`).
 * @param state drizzle-kit's rows before them; they are applied to it
 */
export function renamesOfDeltas(
  kit: Functions,
  state: unknown,
  deltas: unknown,
): readonly string[] {
  const apply = kit.get(RECONSTRUCT, 'applyDeltas');
  const rowAt = kit.get(DIALECT, 'findRow');
  return (Array.isArray(deltas) ? deltas : []).flatMap((delta: unknown) => {
    const row =
      property(delta, 'op') === 'rename' ? rowAt(state, property(delta, 'key')) : undefined;
    const [from, set] = [isRecord(row) ? { ...row } : undefined, property(delta, 'set')];
    apply(state, [delta]);
    return from === undefined || !isRecord(set)
      ? []
      : [`${nameOf(from)}->${nameOf({ ...from, ...set })}`];
  });
}

function nameOf({ schema, table, name }: Readonly<Record<string, unknown>>): string {
  return [schema, table, name].filter(Boolean).join('.');
}

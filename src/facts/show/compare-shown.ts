import { byName, compareSnapshots } from '../../schema/diff/compare.ts';
import { withKeptNames, withTables } from '../../schema/diff/rows.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Difference } from '../../schema/schema.ts';
import type { Rename } from '../review/renamed.ts';
import { renamedTables } from './renamed-tables.ts';
import { edgesOf } from './shown-edges.ts';
import { shownTable } from './shown-table.ts';
import { howOf, type ShownChange } from './shown.ts';

/**
 * What lies between two snapshots, or states of 1.x, of one dialect; `before` undefined: nothing
 * was there. They are compared as everywhere in the guard, by what they mean.
 * @param renames what the SQL between them renames
 */
export function shownChange(
  before: Json | undefined,
  after: Json,
  renames: readonly Rename[],
): ShownChange {
  const now = withTables(withKeptNames(before, after));
  const { snapshot: then, ...were } = renamedTables(withTables(before ?? {}), now, renames);
  const differences = compareSnapshots(then, now);
  const [old, fresh] = [byName(then, 'tables'), byName(now, 'tables')];
  const changed = new Map<string, Difference[]>(
    [...were.tables.keys(), ...were.columns.keys()]
      .filter((name) => fresh.has(name))
      .map((name) => [name, []]),
  );
  for (const one of differences.filter(isOfTable))
    changed.set(one.owner, [...(changed.get(one.owner) ?? []), one]);
  const tables = [...changed]
    .map(([name, found]) =>
      shownTable({
        name,
        was: were.tables.get(name),
        before: old.get(name),
        after: fresh.get(name),
        differences: found,
        columnsWere: were.columns.get(name) ?? new Map<string, string>(),
      }),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const drawn = new Set(tables.map(({ name }) => name));
  const edges = edgesOf(tables, old, fresh);
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return {
    tables,
    edges,
    neighbours: [...ends].filter((name) => !drawn.has(name)).toSorted(),
    things: differences
      .filter((one) => !isOfTable(one))
      .map(({ kind, entity, change, detail }) => ({
        kind,
        name: entity.slice(kind.length + 1),
        how: howOf(change),
        text: detail,
      })),
  };
}

/** A table and what is in it; all else is its own owner. */
function isOfTable({ kind, entity, owner }: Difference): boolean {
  return kind === 'table' || entity !== owner;
}

import { isJson, type Json } from '../schema/diff/snapshot-json.ts';
import type { Chain } from './chain.ts';
import { valuesOf } from './merge-snapshots.ts';
import { unnamed } from './settle.ts';
import { isSame, nameOf, valueAt, type Path } from './shape.ts';

/**
 * What the base did since the fork and the merged schema does not have, though no own step changed
 * it: a conflict that was resolved to one side. Named for people.
 */
export function takenBack(
  { fork, base, byBase, own, links }: Chain,
  target: Json,
): readonly string[] {
  const named = new Set(links.flatMap(({ renames }) => renames.map(({ key }) => key)));
  const lost = byBase.flatMap((path) => {
    const [then, now, end] = [fork, base, target].map((json) => valueAt(json, path));
    if (isSame(end, now)) return [];
    const values = lostValues(then, now, end, valueAt(own, path));
    if (values !== undefined) return values.map((value) => `${nameOf(path)} '${value}'`);
    if (!isSame(end, then) || !isSame(valueAt(own, path), then)) return [];
    // What the branch renamed is not back: it is there under the branch's name.
    if (now === undefined && named.has(path.at(-1) ?? '')) return [];
    return now !== undefined && isNamedOtherwise(path, now, target) ? [] : [nameOf(path)];
  });
  return [...new Set(lost)];
}

/** Values that the base added to an enum, and the merged schema has not; undefined for all else. */
function lostValues(
  then: unknown,
  now: unknown,
  end: unknown,
  own: unknown,
): readonly string[] | undefined {
  const [before, after, kept, mine] = [then, now, end, own].map(valuesOf);
  if (before === undefined || after === undefined || kept === undefined) return undefined;
  const added = after.filter((value) => !before.includes(value) && !kept.includes(value));
  const removed = before.filter(
    (value) => !after.includes(value) && kept.includes(value) && (mine ?? []).includes(value),
  );
  return [...added, ...removed];
}

/** drizzle-kit derives names: of a renamed table, foreign keys and indexes are called differently. */
function isNamedOtherwise(path: Path, value: unknown, target: Json): boolean {
  if (path.length !== 4 || path[2] === 'columns') return false;
  const things = valueAt(target, path.slice(0, -1));
  return (
    isJson(things) && Object.values(things).some((thing) => isSame(unnamed(thing), unnamed(value)))
  );
}

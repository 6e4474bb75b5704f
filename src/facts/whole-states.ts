import type { History, Migration } from '../history/history.ts';
import { snapshotOfId } from '../history/named.ts';
import { isNoParent } from '../history/snapshot.ts';
import { isJson, listField, textField, type Json } from '../schema/diff/snapshot-json.ts';
import type { Parent } from './sql-origin/read-origin.ts';

/** The states before and after a migration; undefined before the first. */
interface WholeStates {
  readonly before: Json | undefined;
  readonly after: Json;
}

/**
 * The states around a migration of drizzle-kit 1.x, where the snapshots have them as they are, or as
 * what differs from the only parent (version 9): then nobody has to run drizzle-kit, which would read
 * them from there too.
 * @returns undefined where drizzle-kit puts a state together: of several parents, and where something
 * is renamed, which changes all that refers to it
 */
export function wholeStates(
  { snapshot: file }: Migration,
  parent: Parent | undefined,
  history: History,
): WholeStates | undefined {
  if (file?.snapshot.status !== 'ok' || parent?.read === 'missing') return undefined;
  const { json, prevIds } = file.snapshot;
  if (prevIds.filter((id) => !isNoParent(id)).length > 1) return undefined;
  const before = parent === undefined ? undefined : stateOf(parent.read.json, history);
  if (parent !== undefined && before === undefined) return undefined;
  const after = Array.isArray(json['ddl']) ? json : before && changed(before, [json]);
  return after && { before, after };
}

/** The whole state of a snapshot; undefined where only drizzle-kit knows it. */
function stateOf(snapshot: Json, history: History): Json | undefined {
  const differences = new Set<Json>();
  let at: Json | undefined = snapshot;
  while (at !== undefined && !Array.isArray(at['ddl'])) {
    const [id, ...others]: readonly unknown[] = listField(at, 'prevIds');
    // A circle.
    if (others.length > 0 || differences.has(at)) return undefined;
    differences.add(at);
    const parent = snapshotOfId(history, String(id))?.snapshot;
    at = parent?.status === 'ok' ? parent.json : undefined;
  }
  return at && changed(at, [...differences].toReversed());
}

/** A state with what snapshots differ by, in turn, as `applyDeltas` of `postgres/reconstruct.ts` makes it. */
function changed(state: Json, differences: readonly Json[]): Json | undefined {
  if (!differences.every(({ deltas }) => Array.isArray(deltas))) return undefined;
  const rows = new Map(
    listField(state, 'ddl')
      .filter(isJson)
      .map((row) => [keyOf(row), row]),
  );
  for (const delta of differences.flatMap((one) => listField(one, 'deltas'))) {
    if (!isJson(delta)) return undefined;
    const { op, row, set } = delta;
    const key = isJson(row) ? keyOf(row) : textField(delta, 'key');
    const known = rows.get(key);
    if (op === 'create' && isJson(row) && known === undefined) rows.set(key, row);
    else if (op === 'drop' && known !== undefined) rows.delete(key);
    else if (op === 'alter' && known !== undefined && isJson(set)) {
      const altered = { ...known, ...set };
      if (keyOf(altered) !== key) return undefined;
      rows.set(key, altered);
    } else return undefined;
  }
  return { ...state, ddl: [...rows.values()] };
}

/** As differences name a row (`qualifiedKey` of `dialects/dialect.ts`, `identity` of `postgres/ddl.ts`). */
function keyOf(row: Json): string {
  const names = ['schema', 'table', 'name'].flatMap((field) =>
    row[field] === undefined ? [] : [row[field]],
  );
  return `${textField(row, 'entityType')}\0${JSON.stringify(names)}`;
}

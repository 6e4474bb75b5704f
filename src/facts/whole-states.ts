import type { Migration } from '../history/history.ts';
import { isNoParent } from '../history/snapshot.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Parent } from './sql-origin/read-origin.ts';

/** The states before and after a migration; undefined before the first. */
interface WholeStates {
  readonly before: Json | undefined;
  readonly after: Json;
}

/**
 * The states around a migration of drizzle-kit 1.x, where its snapshot and that of its only parent
 * have them as they are: then nobody has to run drizzle-kit, which would read them from there too.
 * @returns undefined where drizzle-kit puts a state together: of several parents, and of the
 * differences that version 9 records
 */
export function wholeStates(
  { snapshot: file }: Migration,
  parent: Parent | undefined,
): WholeStates | undefined {
  if (file?.snapshot.status !== 'ok' || parent?.read === 'missing') return undefined;
  const { json, prevIds } = file.snapshot;
  if (prevIds.filter((id) => !isNoParent(id)).length > 1) return undefined;
  const before = parent?.read.json;
  return [json, ...(before === undefined ? [] : [before])].every((one) => Array.isArray(one['ddl']))
    ? { before, after: json }
    : undefined;
}

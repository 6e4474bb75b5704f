import { sameBytes } from '../../git/trees/tree.ts';
import type { History, Migration, SnapshotFile } from '../../history/history.ts';
import { snapshotOfId } from '../../history/named.ts';
import { isUpgrade, sameSnapshot } from '../../history/same-migration.ts';

/**
 * Earlier snapshots which, with all that they rest on, are the same now. In one walk of their order:
 * to gather the line of each takes long where there are many.
 */
export function keptSnapshots(before: readonly History[], now: History): ReadonlySet<SnapshotFile> {
  const kept = new Set<SnapshotFile>();
  for (const then of before) {
    const isKept = (id: string): boolean => {
      const parent = snapshotOfId(then, id);
      return parent === undefined ? snapshotOfId(now, id) === undefined : kept.has(parent);
    };
    for (const { snapshot: file } of then.migrations)
      if (
        file?.snapshot.status === 'ok' &&
        sameBytes(file.entry, snapshotOfId(now, file.snapshot.id)?.entry) &&
        file.snapshot.prevIds.every(isKept)
      )
        kept.add(file);
  }
  return kept;
}

/** The snapshots that a migration's own rests on, by id. */
export function lineOf(migration: Migration, history: History): ReadonlyMap<string, SnapshotFile> {
  const found = new Map<string, SnapshotFile>();
  const open = [migration.snapshot];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const id of at.snapshot.status === 'ok' ? at.snapshot.prevIds : []) {
      const parent = snapshotOfId(history, id);
      if (parent === undefined || found.has(id)) continue;
      found.set(id, parent);
      open.push(parent);
    }
  return found;
}

export function isSameLine(
  now: ReadonlyMap<string, SnapshotFile>,
  then: ReadonlyMap<string, SnapshotFile>,
): boolean {
  return now.size === then.size && [...now].every(([id, file]) => isSameForm(then.get(id), file));
}

/** Whether two snapshots are the same, or one is the other as `drizzle-kit up` lifts it. */
export function isSameForm(then: SnapshotFile | undefined, now: SnapshotFile | undefined): boolean {
  return sameSnapshot(then, now) || isUpgrade(then, now);
}

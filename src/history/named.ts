import type { History, Migration, SnapshotFile } from './history.ts';

const known = new WeakMap<readonly Migration[], ReadonlyMap<string, readonly Migration[]>>();
const NONE: readonly Migration[] = [];
const snapshots = new WeakMap<readonly Migration[], ReadonlyMap<string, SnapshotFile>>();

/** The migrations of a name, in order: more than one where the journal names it twice. */
export function migrationsNamed(
  { migrations }: Pick<History, 'migrations'>,
  name: string,
): readonly Migration[] {
  let byName = known.get(migrations);
  if (byName === undefined) {
    const found = new Map<string, Migration[]>();
    for (const one of migrations) found.set(one.name, [...(found.get(one.name) ?? []), one]);
    known.set(migrations, (byName = found));
  }
  return byName.get(name) ?? NONE;
}

/** The snapshot of an id: the first in order, as far as it was read. */
export function snapshotOfId(
  { migrations }: Pick<History, 'migrations'>,
  id: string,
): SnapshotFile | undefined {
  let byId = snapshots.get(migrations);
  if (byId === undefined) {
    const read = migrations.flatMap(({ snapshot: file }) =>
      file?.snapshot.status === 'ok' ? [[file.snapshot.id, file] as const] : [],
    );
    snapshots.set(migrations, (byId = new Map(read.toReversed())));
  }
  return byId.get(id);
}

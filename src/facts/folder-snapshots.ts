import type { History } from '../history/history.ts';
import type { FolderSnapshot } from '../schema/folders.ts';

/** A snapshot is sent to drizzle-kit's process once. */
const known = new WeakMap<FolderSnapshot['json'], FolderSnapshot>();

/**
 * The snapshots of a history of folders, as drizzle-kit is asked about them.
 * @returns undefined where one cannot be read: drizzle-kit answers nothing then
 */
export function folderSnapshots({ migrations }: History): readonly FolderSnapshot[] | undefined {
  const found: FolderSnapshot[] = [];
  for (const { name, snapshot } of migrations) {
    if (snapshot === undefined) continue;
    if (snapshot.snapshot.status !== 'ok') return undefined;
    const { json } = snapshot.snapshot;
    const before = known.get(json);
    const one = before?.folder === name ? before : { folder: name, json };
    known.set(json, one);
    found.push(one);
  }
  return found;
}

import type { History } from '../history/history.ts';
import type { FolderSnapshot } from '../schema/folders.ts';

/**
 * The snapshots of a history of folders, as drizzle-kit is asked about them.
 * @returns undefined where one cannot be read: drizzle-kit answers nothing then
 */
export function folderSnapshots({ migrations }: History): readonly FolderSnapshot[] | undefined {
  const found: FolderSnapshot[] = [];
  for (const { name, snapshot } of migrations) {
    if (snapshot === undefined) continue;
    if (snapshot.snapshot.status !== 'ok') return undefined;
    found.push({ folder: name, json: snapshot.snapshot.json });
  }
  return found;
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Limits {
  readonly entries: number;
  readonly bytes: number;
}

export const LIMITS: Limits = { entries: 2000, bytes: 32 * 1024 * 1024 };

/** Temporary files of killed runs are removed after an hour, in milliseconds. */
const ABANDONED = 60 * 60 * 1000;
/** Part of the limits that is filled after pruning, so that the next run need not prune again. */
const SPARE = 0.8;

/**
 * Removes the files of a folder that were not used for longest, until it is well below its limits.
 */
export async function prune(folder: string, limits: Limits, now = Date.now()): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) continue;
    if (!name.endsWith('.tmp')) files.push({ path, size: found.size, used: found.mtimeMs });
    else if (now - found.mtimeMs > ABANDONED) await rm(path, { force: true });
  }
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  let entries = files.length;
  if (entries <= limits.entries && bytes <= limits.bytes) return;
  for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
    if (entries <= limits.entries * SPARE && bytes <= limits.bytes * SPARE) return;
    await rm(path, { force: true });
    entries -= 1;
    bytes -= size;
  }
}

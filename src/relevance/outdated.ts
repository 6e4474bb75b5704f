import { statSync } from 'node:fs';
import { join } from 'node:path';
import { storeFolder } from '../schema/cache/store.ts';
import { readClosure } from './closure-file.ts';

/**
 * Whether the answers that are kept are probably not enough for the next check: there are none, or
 * a file of the known closure was saved after the last of them. It decides no verdict, only what is
 * started early.
 * @param commonDir absolute path of the git common directory
 * @param top absolute path of the working tree
 */
export function isProbablyOutdated(commonDir: string, top: string): boolean {
  const kept = savedAt(storeFolder(commonDir));
  if (kept === undefined) return true;
  const paths = readClosure(commonDir)?.paths ?? [];
  return paths.slice(0, ENOUGH).some((path) => (savedAt(join(top, path)) ?? 0) > kept);
}

/** Files to look at: a look at all of a large repository would take longer than it gains. */
const ENOUGH = 500;

/** Milliseconds since 1970; undefined where nothing is, or nobody may look. */
function savedAt(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    // Where a folder was is a file now (ENOTDIR), or a folder is closed (EACCES).
    return undefined;
  }
}

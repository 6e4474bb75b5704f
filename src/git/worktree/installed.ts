import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';

/** What is at a path of the disk, links followed. */
interface OnDisk {
  /** The names in a folder, sorted by bytes; undefined for a file. */
  readonly names: readonly string[] | undefined;
  /** The path itself is a link. */
  readonly isLink: boolean;
}

/**
 * What is installed in a working tree: files in `node_modules`, which no tree of git has.
 * @returns undefined where nothing is there
 */
export function installedIn(top: string): (path: RepoPath) => OnDisk | undefined {
  return (path) => {
    const at = join(top, path);
    // Below a file, statSync throws (ENOTDIR).
    if (!existsSync(at)) return undefined;
    const found = statSync(at);
    const names = found.isDirectory() ? readdirSync(at).sort() : undefined;
    return { names, isLink: lstatSync(at).isSymbolicLink() };
  };
}

import { SUBMODULE, type Entry, type Tree } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** What replaces a path: its bytes, or how to get them. */
export interface Overlaid {
  readonly entry: Entry;
  readonly bytes: Uint8Array | (() => Promise<Uint8Array>);
}

/** A tree with some paths replaced, added, or (undefined) removed. The base is not changed. */
export function overlayTree(
  base: Tree,
  name: string,
  changes: ReadonlyMap<RepoPath, Overlaid | undefined>,
): Tree {
  let listed: Promise<ReadonlyMap<RepoPath, Entry>> | undefined;
  return {
    name,
    entries: () => (listed ??= list(base, changes)),
    async read(paths) {
      const wanted = [...paths];
      const below = await base.read(wanted.filter((path) => !changes.has(path)));
      const above = await Promise.all(
        wanted.map(async (path) => [path, await bytesOf(changes.get(path))] as const),
      );
      const bytes = new Map(below);
      for (const [path, own] of above) if (own !== undefined) bytes.set(path, own);
      return bytes;
    },
  };
}

async function list(
  base: Tree,
  changes: ReadonlyMap<RepoPath, Overlaid | undefined>,
): Promise<ReadonlyMap<RepoPath, Entry>> {
  const entries = new Map(await base.entries());
  for (const [path, change] of changes) {
    if (change === undefined) entries.delete(path);
    else entries.set(path, change.entry);
  }
  return entries;
}

async function bytesOf(change: Overlaid | undefined): Promise<Uint8Array | undefined> {
  if (change === undefined || change.entry.mode === SUBMODULE) return undefined;
  return typeof change.bytes === 'function' ? change.bytes() : change.bytes;
}

import type { ChangedPath } from './listing.ts';
import type { Repository } from '../repository.ts';
import type { Entry, Tree } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

const SUBMODULE = '160000';

/** A tree whose bytes are objects of the repository; listed at the first use. */
export function gitTree(
  repository: Repository,
  name: string,
  list: () => Promise<ReadonlyMap<RepoPath, Entry>>,
): Tree {
  let listed: Promise<ReadonlyMap<RepoPath, Entry>> | undefined;
  const entries = () => (listed ??= list());
  return {
    name,
    entries,
    async read(paths) {
      const known = await entries();
      const wanted = new Map<RepoPath, string>();
      const pathOf = new Map<string, RepoPath>();
      for (const path of paths) {
        const entry = known.get(path);
        if (entry === undefined || entry.mode === SUBMODULE) continue;
        wanted.set(path, entry.oid);
        pathOf.set(entry.oid, path);
      }
      const blobs = await repository.blobs.read(wanted.values(), (oid) => pathOf.get(oid));
      return new Map([...wanted].flatMap(([path, oid]) => present(path, blobs.get(oid))));
    },
  };
}

/** A listing with changes applied; the listing itself is not changed. */
export function withChanges(
  entries: ReadonlyMap<RepoPath, Entry>,
  changed: readonly ChangedPath[],
): ReadonlyMap<RepoPath, Entry> {
  if (changed.length === 0) return entries;
  const made = new Map(entries);
  for (const { path, after } of changed) {
    if (after === undefined) made.delete(path);
    else made.set(path, after);
  }
  return made;
}

function present<T>(path: RepoPath, value: T | undefined): readonly (readonly [RepoPath, T])[] {
  return value === undefined ? [] : [[path, value]];
}

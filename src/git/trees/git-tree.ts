import type { ChangedPath } from './listing.ts';
import type { Repository } from '../repository.ts';
import { recorded, submoduleObjects, withSubmodules } from './submodule-objects.ts';
import { SUBMODULE, type Entry, type Tree } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * A tree whose bytes are objects of the repository or of its submodules; listed at the first use.
 */
export function gitTree(
  repository: Repository,
  name: string,
  list: () => Promise<ReadonlyMap<RepoPath, Entry>>,
): Tree {
  let listed: Promise<ReadonlyMap<RepoPath, Entry>> | undefined;
  const entries = () =>
    (listed ??= list().then((found) => withSubmodules(repository, recorded(found))));
  return {
    name,
    entries,
    async read(paths) {
      const known = await entries();
      const wanted: (readonly [RepoPath, Entry])[] = [];
      const pathOf = new Map<string, RepoPath>();
      for (const path of paths) {
        const entry = known.get(path);
        if (entry === undefined || entry.mode === SUBMODULE) continue;
        wanted.push([path, entry]);
        pathOf.set(entry.oid, path);
      }
      const oidsOf = (some: typeof wanted): string[] => some.map(([, { oid }]) => oid);
      const within = wanted.filter(([, { submodule }]) => submodule !== undefined);
      const own = within.length === 0 ? wanted : wanted.filter((one) => !within.includes(one));
      const named = (oid: string): RepoPath | undefined => pathOf.get(oid);
      const [blobs, others] = await Promise.all([
        repository.blobs.read(oidsOf(own), named),
        within.length === 0
          ? new Map<string, Uint8Array>()
          : submoduleObjects(repository).blobs.read(oidsOf(within), named),
      ]);
      return new Map(
        wanted.flatMap(([path, { oid }]) => present(path, blobs.get(oid) ?? others.get(oid))),
      );
    },
  };
}

/**
 * A listing with changes applied, as git records it; the listing itself is not changed. What differs
 * in submodules is in their commits.
 */
export function withChanges(
  entries: ReadonlyMap<RepoPath, Entry>,
  changed: readonly ChangedPath[],
): ReadonlyMap<RepoPath, Entry> {
  if (changed.length === 0) return entries;
  const made = new Map(recorded(entries));
  for (const { path, before, after } of changed) {
    if ((after ?? before)?.submodule !== undefined) continue;
    if (after === undefined) made.delete(path);
    else made.set(path, after);
  }
  return made;
}

function present<T>(path: RepoPath, value: T | undefined): readonly (readonly [RepoPath, T])[] {
  return value === undefined ? [] : [[path, value]];
}

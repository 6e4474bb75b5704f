import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Repository } from '../git/repository.ts';
import { changedBetween } from '../git/trees/changed.ts';
import { affects, changedSince, relevanceOf, type Relevance } from './affects.ts';
import { readClosure } from './closure-file.ts';
import type { CommitClosure } from './closure.ts';

/**
 * The closure that an earlier run recorded, if it is that of another commit too: nothing that it
 * names differs. One git process where it was recorded for another tree.
 * @param at full oid; undefined or '' before the first commit
 */
export async function closureAt(
  repository: Repository,
  at: string | undefined,
): Promise<CommitClosure | undefined> {
  if (at === undefined || at === '') return undefined;
  const known = readClosure(repository.commonDir);
  if (known === undefined || (known.commit === at && known.staged === undefined)) return known;
  try {
    const changes = await changedBetween(repository, known.commit, at);
    return affects(known, changedSince(known, changes)) ? undefined : known;
  } catch (error) {
    // Its commit is gone.
    if (error instanceof GuardError) return undefined;
    throw error;
  }
}

/**
 * `relevanceOf` a change of the commit `at`, or to it; what is recorded is read only if no name
 * decides.
 */
export async function relevanceAt(
  repository: Repository,
  at: string | undefined,
  changed: readonly RepoPath[],
): Promise<Relevance> {
  const byName = relevanceOf(changed, undefined);
  return byName === 'unknown' ? relevanceOf(changed, await closureAt(repository, at)) : byName;
}

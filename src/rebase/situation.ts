import { GuardError } from '../model/errors.ts';
import { ownTopics, remoteBranches } from '../git/refs/remote-branches.ts';
import { resolveCommit } from '../git/trees/commit-tree.ts';
import { joinedTree, type Joined } from '../git/trees/joined-tree.ts';
import { withMergeAhead } from '../git/rewrite/merge-ahead.ts';
import type { Repository } from '../git/repository.ts';
import {
  isSquashing,
  joining,
  readUnmerged,
  type Joining,
  type Stages,
} from '../git/worktree/joining.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { isIn, joinedBefore, sidesOf, sidesOfMerge, type JoinedSides } from './joined-sides.ts';

/** What is put in order: what git joins, and what it makes of it. */
export interface Situation {
  readonly repository: Repository;
  readonly joined: Joined;
  readonly unmerged: ReadonlyMap<RepoPath, Stages>;
  /** What git is in the middle of; `ahead`: of nothing, and this is what a merge would be like. */
  readonly doing: Joining | 'ahead' | undefined;
  readonly sides: JoinedSides;
  /** Full oid of the base that was named, or of the one that a merge ahead is with. */
  readonly onto: string | undefined;
}

/**
 * Reads what git has stopped in the middle of; where it is in the middle of nothing, what HEAD is,
 * or, where nothing is to be written, what a merge with the base will be like.
 * @param named a revision, the base: without it a merge ahead is with the upstream
 * @throws GuardError as `sidesOf`, `joinedBefore` and `withMergeAhead`
 */
export async function inSituation<T>(
  repository: Repository,
  { named, dryRun }: { readonly named: string | undefined; readonly dryRun: boolean },
  use: (situation: Situation) => Promise<T>,
): Promise<T> {
  const reading = readUnmerged(repository);
  const merging = joinedTree(repository, reading);
  const resolving = named === undefined ? undefined : resolveCommit(repository, named);
  const underWay = async (): Promise<Pick<Situation, 'doing' | 'sides' | 'onto'> | string> => {
    const [doing, onto] = await Promise.all([
      reading.then(({ size }) => joining(repository, size > 0 || isSquashing(repository))),
      resolving,
    ]);
    if (doing !== undefined)
      return { doing, onto, sides: await sidesOf(repository, doing, merging) };
    const { head } = repository;
    const base = onto ?? (dryRun ? await upstream(repository) : undefined);
    if (dryRun && head !== undefined && base !== undefined && !(await isIn(repository, base, head)))
      return base;
    return { doing, onto: base, sides: await joinedBefore(repository, base) };
  };
  const [unmerged, joined, found] = await Promise.all([reading, merging, underWay()]);
  if (typeof found !== 'string') return use({ repository, unmerged, joined, ...found });
  const ours = repository.head ?? found;
  const sides = await sidesOfMerge(repository, ours, found);
  return withMergeAhead(repository, [ours, found], (ahead) =>
    use({ ...ahead, doing: 'ahead', sides, onto: found }),
  );
}

/** The full oid of what the branch will be merged with: its upstream, or the default branch. */
async function upstream(repository: Repository): Promise<string> {
  const remote = await remoteBranches(repository);
  const own = new Set(ownTopics(remote));
  const first = [remote.upstream ?? '', ...remote.defaults].find(
    (ref) => ref !== '' && !own.has(ref),
  );
  if (first !== undefined) return resolveCommit(repository, first);
  throw new GuardError('usage', 'nothing says what this branch will be merged with', {
    help: ['Name it: npx drizzle-guard rebase --dry-run --onto origin/main'],
  });
}

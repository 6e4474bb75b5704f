import type { Against } from '../../facts/other-branches.ts';
import { changedBetween } from '../../git/trees/changed.ts';
import type { CommitTrees } from '../../git/trees/commit-trees.ts';
import type { PublishedCommits } from '../../git/refs/published.ts';
import type { Repository } from '../../git/repository.ts';
import type { CheckTarget, Parent } from '../../judge/target.ts';
import { once } from '../../model/once.ts';

/** One end of a range: its tree against what it started from, whatever is in between. */
export interface RangeEnd {
  /** Full oid. */
  readonly tip: string;
  /** Full oid of the commit that it is compared with; undefined: with nothing. */
  readonly base?: string;
  /**
   * Full oids of its other bases, as a merge has several: what is wrong there already is
   * pre-existing.
   */
  readonly otherBases?: readonly string[];
  /** The name of the tip's branch in fixes. */
  readonly branch: string;
  /** To be checked even if no commit is new to the remote: the branch there changes. */
  readonly always?: true;
  /** A whole history that is pushed for the first time. */
  readonly firstPush?: true;
  /** The branches that it will be merged with. */
  readonly mergeTargets?: readonly Against[];
}

/** An end of a range as a target for `judgeTree`. */
export async function endTarget(
  repository: Repository,
  { tip, base, otherBases = [], firstPush, mergeTargets }: RangeEnd,
  { trees, published }: { readonly trees: CommitTrees; readonly published: PublishedCommits },
): Promise<CheckTarget> {
  const bases = base === undefined ? [] : [base, ...otherBases];
  const [after, parents, [changed = [], ...others]] = await Promise.all([
    trees.of(tip),
    Promise.all(
      bases.map(async (oid): Promise<Parent> => ({
        tree: await trees.of(oid),
        rev: oid.slice(0, 12),
        oid,
      })),
    ),
    Promise.all(
      (bases.length === 0 ? [repository.emptyTree] : bases).map((oid) =>
        changedBetween(repository, oid, tip),
      ),
    ),
  ]);
  return {
    after,
    parents,
    changed,
    touched: new Set([...changed, ...others.flat()].map(({ path }) => path)),
    published: once(async () => published),
    commit: tip,
    ...(firstPush === undefined ? {} : { firstPush }),
    ...(mergeTargets === undefined ? {} : { mergeTargets: { head: tip, against: mergeTargets } }),
  };
}

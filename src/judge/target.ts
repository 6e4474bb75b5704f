import type { Against } from '../facts/other-branches.ts';
import type { PublishedCommits } from '../git/refs/published.ts';
import type { IndexChange } from '../git/trees/index-tree.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';

/** A tree that the checked one comes from. */
export interface Parent {
  readonly tree: Tree;
  /** A revision that names it, for `git restore --source=<rev>`. */
  readonly rev: string;
  /** Full oid of its commit. */
  readonly oid?: string;
}

/** What is checked: a tree, the trees that it comes from, and how they differ. */
export interface CheckTarget {
  readonly after: Tree;
  /** None (a first commit), one, or those of a merge. */
  readonly parents: readonly Parent[];
  /** Against the first parent. */
  readonly changed: readonly ChangedPath[];
  /**
   * Every path that differs from any parent: a merge that drops the other side's changes differs
   * from that side alone.
   */
  readonly touched: ReadonlySet<RepoPath>;
  /** The commits that others may have. */
  readonly published: () => Promise<PublishedCommits>;
  /** git is in the middle of a merge, rebase or the like. */
  readonly joining?: true;
  /** Set if the index is checked: the other half of the change may be unstaged. */
  readonly index?: IndexChange;
  /** Full oid, if this is a commit: another drizzle-kit than the installed one may have written it. */
  readonly commit?: string;
  /** Nothing is there to compare with: a whole history that is pushed for the first time. */
  readonly firstPush?: true;
  /** The branches that this will be merged with; `head`: full oid of the commit that will be. */
  readonly mergeTargets?: { readonly head: string; readonly against: readonly Against[] };
}

import type { Against } from '../facts/other-branches.ts';
import type { PublishedCommits } from '../git/refs/published.ts';
import type { IndexChange } from '../git/trees/index-tree.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';

/** A tree that the judged one comes from. */
export interface Parent {
  readonly tree: Tree;
  /** A revision that names it, for `git restore --source=<rev>`. */
  readonly rev: string;
  /** Full oid of its commit. */
  readonly oid?: string;
}

/** What is judged: a tree, the trees that it comes from, and how they differ. */
export interface Subject {
  readonly after: Tree;
  /** None (a first commit), one, or those of a merge. */
  readonly parents: readonly Parent[];
  /** Against the first parent. */
  readonly changed: readonly ChangedPath[];
  /** Every path that differs from any parent: a merge that drops what the other side brought differs from that side alone. */
  readonly touched: ReadonlySet<RepoPath>;
  /** The commits that others may have: asked for only where a migrations folder is touched. */
  readonly published: () => Promise<PublishedCommits>;
  /** Where the index is judged: the other half of the change may lie in the working tree. */
  readonly index?: IndexChange;
  /** Where something recorded is judged: the drizzle-kit that is installed now need not be the one that wrote it. */
  readonly recorded: boolean;
  /** The branches that this will meet; `head`: full oid of the commit that meets them. */
  readonly meets?: { readonly head: string; readonly against: readonly Against[] };
}

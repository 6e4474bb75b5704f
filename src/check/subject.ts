import { changedBetween, changedInIndex } from '../git/changed.ts';
import { commitTree } from '../git/commit-tree.ts';
import { indexTree, type IndexChange } from '../git/index-tree.ts';
import type { ChangedPath } from '../git/listing.ts';
import { publishedCommits, type PublishedCommits } from '../git/published.ts';
import type { Repository } from '../git/repository.ts';
import { EMPTY_TREE, type RepoPath, type Tree } from '../git/tree.ts';
import { worktreeTree } from '../git/worktree-tree.ts';
import type { Against } from './others.ts';

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

/** What a commit would record now, or the same as if everything were staged. */
export async function indexSubject(
  repository: Repository,
  what: 'index' | 'worktree',
): Promise<Subject> {
  const staged = await indexTree(repository);
  const index = what === 'worktree' ? await worktreeTree(repository, staged) : staged;
  const { before, after, changed, mergeHeads } = index;
  const aside = await Promise.all(mergeHeads.map((head) => changedInIndex(repository, head)));
  const merged = await Promise.all(
    mergeHeads.map(async (oid): Promise<Parent> => ({
      tree: await commitTree(repository, oid),
      rev: mergeHeads.length === 1 ? 'MERGE_HEAD' : oid,
      oid,
    })),
  );
  const own: readonly Parent[] =
    before === EMPTY_TREE
      ? []
      : [
          {
            tree: before,
            rev: 'HEAD',
            ...(repository.head === undefined ? {} : { oid: repository.head }),
          },
        ];
  return {
    after,
    parents: [...own, ...merged],
    changed,
    touched: new Set([...changed, ...aside.flat()].map(({ path }) => path)),
    published: once(() => publishedCommits(repository)),
    recorded: false,
    ...(what === 'index' ? { index } : {}),
  };
}

export interface RecordedCommit {
  /** Full oids. */
  readonly oid: string;
  readonly parents: readonly string[];
  /** Against the first parent. */
  readonly changed: readonly ChangedPath[];
}

/**
 * A commit against its parents.
 * @param treeOf the tree of a commit, by full oid; @param published what others may have; the parents where it is not given.
 */
export async function commitSubject(
  repository: Repository,
  { oid, parents, changed }: RecordedCommit,
  {
    treeOf,
    published,
  }: {
    readonly treeOf: (oid: string) => Promise<Tree>;
    readonly published?: () => Promise<PublishedCommits>;
  },
): Promise<Subject> {
  const [after, trees, aside] = await Promise.all([
    treeOf(oid),
    Promise.all(
      parents.map(async (parent): Promise<Parent> => ({
        tree: await treeOf(parent),
        rev: parent.slice(0, 12),
        oid: parent,
      })),
    ),
    Promise.all(parents.slice(1).map((parent) => changedBetween(repository, parent, oid))),
  ]);
  const [base] = parents;
  return {
    after,
    parents: trees,
    changed,
    touched: new Set([...changed, ...aside.flat()].map(({ path }) => path)),
    published:
      published ?? (async () => ({ tips: parents, ...(base === undefined ? {} : { base }) })),
    recorded: true,
  };
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

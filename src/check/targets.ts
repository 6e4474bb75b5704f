import { once } from '../model/once.ts';
import { changedBetween, changedInIndex } from '../git/trees/changed.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { indexTree } from '../git/trees/index-tree.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import { publishedBefore, publishedInIndex, type PublishedCommits } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import { joining } from '../git/worktree/joining.ts';
import { EMPTY_TREE, type Tree } from '../git/trees/tree.ts';
import { assertFinished } from '../git/rewrite/record.ts';
import { worktreeTree } from '../git/trees/worktree-tree.ts';
import type { Parent, CheckTarget } from '../judge/target.ts';

/** What a commit would record now, or the same as if everything were staged. */
export async function indexTarget(
  repository: Repository,
  what: 'index' | 'worktree',
): Promise<CheckTarget> {
  assertFinished(repository);
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
    published: once(() => publishedInIndex(repository, mergeHeads)),
    ...((await joining(repository, false)) === undefined ? {} : { joining: true }),
    ...(what === 'index' ? { index } : {}),
  };
}

interface RecordedCommit {
  /** Full oids. */
  readonly oid: string;
  readonly parents: readonly string[];
  /** Against the first parent. */
  readonly changed: readonly ChangedPath[];
}

/**
 * A commit against its parents.
 * @param treeOf the tree of a commit, by full oid; @param published what others may have, where the
 * caller knows.
 */
export async function commitTarget(
  repository: Repository,
  { oid, parents, changed }: RecordedCommit,
  {
    treeOf,
    published,
  }: {
    readonly treeOf: (oid: string) => Promise<Tree>;
    readonly published?: () => Promise<PublishedCommits>;
  },
): Promise<CheckTarget> {
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
  return {
    after,
    parents: trees,
    changed,
    touched: new Set([...changed, ...aside.flat()].map(({ path }) => path)),
    published: published ?? once(() => publishedBefore(repository, oid, parents)),
    commit: oid,
  };
}

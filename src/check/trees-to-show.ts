import { mergeBase } from '../git/refs/merge-base.ts';
import type { Repository } from '../git/repository.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import type { Tree } from '../git/trees/tree.ts';
import { baseOf, headOf } from './revisions.ts';
import { indexTarget } from './targets.ts';

/** Which migrations: what is staged, what HEAD has and a base does not, or these. */
export type WhatToShow =
  | 'index'
  | { readonly base: string | readonly string[] }
  | { readonly names: readonly string[] };

/** What is shown of which trees. */
export interface Asked {
  readonly what: WhatToShow;
  readonly tree: Tree;
  /** What it is compared with, unless migrations are named. */
  readonly parents: readonly Tree[];
}

/**
 * The trees that it is asked of: apart from the rest, which is loaded while git lists them.
 * @throws GuardError `unknown-revision`.
 */
export async function treesToShow(repository: Repository, what: WhatToShow): Promise<Asked> {
  if (what === 'index' || 'names' in what) {
    const target = await indexTarget(repository, what === 'index' ? 'index' : 'worktree');
    return { what, tree: target.after, parents: target.parents.map(({ tree }) => tree) };
  }
  const [base, head] = [await baseOf(repository, what.base), await headOf(repository)];
  const common = await mergeBase(repository, base, head);
  const [tree, ...parents] = await Promise.all(
    [head, base, ...(common === undefined || common === base ? [] : [common])].map((oid) =>
      commitTree(repository, oid),
    ),
  );
  if (tree === undefined) throw new TypeError('a commit without a tree');
  return { what, tree, parents };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { changedInIndex } from './changed.ts';
import { commitTree } from './commit-tree.ts';
import { mergeHeadsNamed } from '../environment.ts';
import { gitTree, withChanges } from './git-tree.ts';
import type { ChangedPath } from './listing.ts';
import type { Repository } from '../repository.ts';
import { EMPTY_TREE, type Tree } from './tree.ts';

/** What would be recorded next, and against what. */
export interface IndexChange {
  /** HEAD; `EMPTY_TREE` itself before the first commit. */
  readonly before: Tree;
  readonly after: Tree;
  readonly changed: readonly ChangedPath[];
  /** The other parents when a merge is being concluded: full oids. */
  readonly mergeHeads: readonly string[];
}

/**
 * What `git commit` would record now: HEAD's listing with the index's differences. Not `ls-files
 * -s`: it would show intent-to-add entries, which a commit leaves out, and expand a sparse index.
 * @throws GuardError `index-unmerged`.
 */
export async function indexTree(repository: Repository): Promise<IndexChange> {
  const { head, emptyTree } = repository;
  const before = head === undefined ? EMPTY_TREE : await commitTree(repository, head);
  // Whatever is looked at needs it, and git answers both at once.
  before.entries().catch(() => undefined);
  const [changed, mergeHeads] = await Promise.all([
    changedInIndex(repository, head ?? emptyTree),
    readMergeHeads(repository),
  ]);
  const after = gitTree(repository, 'the index', async () =>
    withChanges(await before.entries(), changed),
  );
  return { before, after, changed, mergeHeads };
}

/**
 * MERGE_HEAD holds one line for each parent after the first (rev-parse would show one); each
 * worktree has its own.
 */
async function readMergeHeads(repository: Repository): Promise<readonly string[]> {
  try {
    const text = readFileSync(join(repository.gitDir, 'MERGE_HEAD'), 'utf8');
    return text.split('\n').filter((line) => line !== '');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      return mergeHeadsOfEnvironment(repository);
    throw new GuardError('git-failed', 'the merge in progress cannot be read (MERGE_HEAD)', {
      cause,
    });
  }
}

/**
 * git writes MERGE_HEAD only after pre-merge-commit (`prepare_to_commit` in builtin/merge.c), but
 * names the heads in the environment (`cmd_merge`: `GITHEAD_<oid>=<what the person typed>`). A
 * commit that is made inside a merge's hook inherits them: what HEAD already has is no longer being
 * merged.
 */
async function mergeHeadsOfEnvironment({ git, head }: Repository): Promise<readonly string[]> {
  if (head === undefined) return [];
  const named = mergeHeadsNamed(git.env);
  const ended = await Promise.all(
    named.map((oid) => git.run(['merge-base', '--is-ancestor', oid, head], { ok: [0, 1, 128] })),
  );
  return named.filter((_, at) => ended[at]?.exitCode === 1);
}

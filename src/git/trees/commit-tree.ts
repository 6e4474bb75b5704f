import { GuardError } from '../../model/errors.ts';
import { gitTree } from './git-tree.ts';
import { parseLsTree } from './listing.ts';
import type { Repository } from '../repository.ts';
import { readTreeObjects } from './tree-objects.ts';
import type { Tree } from './tree.ts';

/** A commit's tree, with the commit's full oid. */
export interface CommitTree extends Tree {
  readonly oid: string;
}

const FULL_OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The trees used last: a listing of 10,000 files is large, and a range has many commits. */
const MOST_KEPT = 8;
const kept = new WeakMap<Repository, Map<string, CommitTree>>();

/**
 * The tree of a commit, listed at the first use.
 * @param rev anything that git takes for a commit; a full oid is not checked and costs no git
 * process.
 * @throws GuardError `unknown-revision`.
 */
export async function commitTree(repository: Repository, rev: string): Promise<CommitTree> {
  const oid = FULL_OID.test(rev) ? rev : await resolveCommit(repository, rev);
  const trees = kept.get(repository) ?? new Map<string, CommitTree>();
  kept.set(repository, trees);
  const tree = trees.get(oid) ?? listedAtFirstUse(repository, oid);
  trees.delete(oid);
  trees.set(oid, tree);
  for (const old of [...trees.keys()].slice(0, -MOST_KEPT)) trees.delete(old);
  return tree;
}

function listedAtFirstUse(repository: Repository, oid: string): CommitTree {
  const tree = gitTree(repository, `commit ${oid.slice(0, 8)}`, async () => {
    const read = await readTreeObjects(repository.objects, oid);
    if (read !== undefined) return read;
    const { stdout, exitCode, stderr } = await repository.git.run(
      ['ls-tree', '-r', '-z', '--full-tree', oid],
      { ok: [0, 128] },
    );
    if (exitCode !== 0) throw unknown(repository, oid, stderr);
    return parseLsTree(stdout);
  });
  return { ...tree, oid };
}

/**
 * @returns the full oid of the commit that a revision names (a tag's commit, not the tag).
 * @throws GuardError `unknown-revision`.
 */
export async function resolveCommit(repository: Repository, rev: string): Promise<string> {
  const { stdout, exitCode, stderr } = await repository.git.run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`],
    { ok: [0, 1, 128] },
  );
  // `--verify --end-of-options` echoes the option itself in git before 2.30.1 or so: the oid is the
  // last line.
  const oid = stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  if (exitCode !== 0 || !FULL_OID.test(oid)) throw unknown(repository, rev, stderr);
  return oid;
}

function unknown(repository: Repository, rev: string, stderr: string): GuardError {
  return new GuardError('unknown-revision', `git knows no commit ${JSON.stringify(rev)} here`, {
    help: [
      'List the commits: git log --oneline --all',
      ...(repository.shallow
        ? ['The clone is shallow: git fetch --unshallow']
        : ['If it was made in another clone: git fetch']),
    ],
    cause: new Error(stderr),
  });
}

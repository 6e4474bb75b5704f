import { shellWord } from '../model/shell-quote.ts';
import { GuardError } from '../model/errors.ts';
import { mergeBase } from '../git/refs/merge-base.ts';
import { namesOfCommits } from '../git/refs/name-of-commit.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import type { Joined } from '../git/trees/joined-tree.ts';
import { EMPTY_TREE, type Tree } from '../git/trees/tree.ts';
import type { Repository } from '../git/repository.ts';
import type { Joining } from '../git/worktree/joining.ts';

/** One of the two trees that git joins, and its name for people. */
export interface JoinedSide {
  readonly tree: Tree;
  /** "origin/main", "topic", the first digits of a commit. */
  readonly name: string;
  /** Full oid; missing where git keeps no commit of it. */
  readonly commit?: string;
}

/** What git joins, before anybody has said whose migrations stay. */
export interface JoinedSides {
  /** HEAD. */
  readonly ours: JoinedSide;
  readonly theirs: JoinedSide;
  /** Where the two parted. */
  readonly fork: Tree;
  /** Whose migrations come on top: those of `theirs`, or in a merge of either. */
  readonly own: 'theirs' | 'either';
  /** What HEAD was before git rebased it, or merged or reset something else into it. */
  readonly former?: Tree;
  /** The parents of the commit that will come of it. */
  readonly parents: readonly JoinedSide[];
}

/**
 * The sides of what git has stopped in the middle of.
 * @throws GuardError `usage` for what has no two sides; `object-missing` where a shallow history
 * ends before the merge base.
 */
export async function sidesOf(
  repository: Repository,
  doing: Joining,
  joined: Promise<Joined>,
): Promise<JoinedSides> {
  const head = repository.head;
  if (head === undefined)
    throw new GuardError('usage', 'there is no commit yet', { help: ['Commit first.'] });
  switch (doing.kind) {
    case 'merge':
      return sidesOfMerge(repository, head, doing.other);
    case 'rebase':
    case 'cherry-pick': {
      const names = namesOfCommits(repository, [head, doing.other]);
      const [ours, picked, fork] = await Promise.all([
        side(repository, head, names),
        side(repository, doing.other, names),
        parentOf(repository, doing.other),
      ]);
      return onHead(ours, picked, fork);
    }
    case 'am':
    case 'other': {
      const name = doing.kind === 'am' ? 'the patch' : 'the stash';
      const [ours, { stage }] = await Promise.all([side(repository, head), joined]);
      return onHead(ours, { tree: stage(3), name }, stage(1));
    }
    case 'octopus':
      throw new GuardError('usage', 'a merge of more than two branches cannot be put in order', {
        help: ['Give it up: git merge --abort', 'Then merge one branch after the other.'],
      });
    case 'revert':
      throw new GuardError('usage', 'a revert adds no migrations that could be put in order', {
        help: ['Finish it: git revert --continue', 'Or give it up: git revert --abort'],
      });
  }
}

/** Two commits as if the one were merged into the other. Full oids. */
export async function sidesOfMerge(
  repository: Repository,
  ours: string,
  theirs: string,
): Promise<JoinedSides> {
  const names = namesOfCommits(repository, [ours, theirs]);
  const [base, one, other] = await Promise.all([
    mergeBase(repository, ours, theirs),
    side(repository, ours, names),
    side(repository, theirs, names),
  ]);
  if (base === undefined && repository.shallow)
    throw new GuardError(
      'object-missing',
      'this clone is shallow, and the merge base is not in it',
      {
        help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
      },
    );
  return {
    ours: one,
    theirs: other,
    fork: base === undefined ? EMPTY_TREE : await commitTree(repository, base),
    own: 'either',
    parents: [one, other],
  };
}

function onHead(ours: JoinedSide, theirs: JoinedSide, fork: Tree): JoinedSides {
  return { ours, theirs, fork, own: 'theirs', parents: [ours] };
}

async function side(
  repository: Repository,
  commit: string,
  named = namesOfCommits(repository, [commit]),
): Promise<JoinedSide> {
  const [tree, names] = await Promise.all([commitTree(repository, commit), named]);
  return { tree, name: names.get(commit) ?? commit, commit };
}

async function parentOf({ git, ...rest }: Repository, commit: string): Promise<Tree> {
  const { stdout, exitCode } = await git.run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^1`],
    { ok: [0, 1, 128] },
  );
  return exitCode === 0 ? commitTree({ git, ...rest }, stdout.toString('utf8').trim()) : EMPTY_TREE;
}

/** `ORIG_HEAD`, where git has set it. */
async function treeBefore(repository: Repository): Promise<Tree | undefined> {
  const { stdout, exitCode } = await repository.git.run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', 'ORIG_HEAD^{commit}'],
    { ok: [0, 1, 128] },
  );
  return exitCode === 0 ? commitTree(repository, stdout.toString('utf8').trim()) : undefined;
}

/** Whether a commit has another in its history. Full oids. */
export async function isIn({ git }: Repository, commit: string, of: string): Promise<boolean> {
  const { exitCode } = await git.run(['merge-base', '--is-ancestor', commit, of], { ok: [0, 1] });
  return exitCode === 0;
}

/**
 * The sides where nothing is under way: a merge that HEAD already is, or HEAD on top of a base that
 * it has.
 * @param onto full oid of the base.
 * @throws GuardError `usage` where no base is named, or HEAD has not got it.
 */
export async function joinedBefore(
  repository: Repository,
  onto: string | undefined,
): Promise<JoinedSides> {
  const { git, head } = repository;
  if (onto === undefined || head === undefined)
    throw new GuardError('usage', 'git is not in the middle of a merge or rebase', {
      help: [
        ...begin('origin/main'),
        'To fix a merge that is committed already: npx drizzle-guard rebase --onto origin/main',
      ],
    });
  if (!(await isIn(repository, onto, head))) {
    const base = (await namesOfCommits(repository, [onto])).get(onto) ?? onto;
    throw new GuardError('usage', `HEAD does not have ${base} yet`, {
      help: begin(shellWord(base)),
    });
  }
  const { stdout } = await git.run(['rev-parse', '--revs-only', `${head}^@`]);
  const parents = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const [first, second] = parents;
  if (first !== undefined && second !== undefined && parents.length === 2) {
    const [a, b] = [await isIn(repository, first, onto), await isIn(repository, second, onto)];
    if (a !== b) {
      const sides = await sidesOfMerge(repository, a ? first : second, a ? second : first);
      return { ...sides, own: 'theirs', parents: [await side(repository, head)] };
    }
  }
  const [base, own, former] = await Promise.all([
    side(repository, onto),
    side(repository, head),
    treeBefore(repository),
  ]);
  return {
    ours: base,
    theirs: own,
    fork: base.tree,
    own: 'theirs',
    parents: [own],
    ...(former === undefined ? {} : { former }),
  };
}

function begin(base: string): readonly string[] {
  return [`Begin with: git merge ${base}`, `Or: git rebase ${base}`];
}

import type { Draft, Fix } from '../finding.ts';

/** A commit, as people name it. */
export interface NamedCommit {
  /** Full oid. */
  readonly oid: string;
  /** The first line of its message. */
  readonly subject: string;
}

export interface SplitOverCommits {
  /** Leaves something out, ... */
  readonly first: NamedCommit;
  /** ... which only this one brings. */
  readonly second: NamedCommit;
  /** Which half the first has; `neither`: it has both, or the second takes back what the first did. */
  readonly half: 'schema' | 'migration' | 'neither';
  /** What the halves are about, in a few words. */
  readonly about: string;
  /** The file of the first commit to look at. */
  readonly path: string;
  readonly entities: readonly string[];
  readonly join: Join;
}

export interface Join {
  /** `git switch` and `git rebase` take it: a branch's name. */
  readonly branch: string;
  /** Whether the second is checked out and its parent is the first. */
  readonly atTip: boolean;
}

/** One change that was recorded in two commits of a range: both are named, with the commands that make them one. */
export function splitOverCommits(split: SplitOverCommits): Draft {
  const { first, second, half, about, path, entities, join } = split;
  return {
    rule: 'split-commit',
    entities: [...entities].sort(),
    tell: () => ({
      path,
      message: `${sentence[half](named(second))} (${about})`,
      fix: [{ text: `Make one commit of the two:`, run: joined(first, second, join) }, REBASED],
    }),
  };
}

const sentence = {
  schema: (second: string) => `the schema change is recorded without its migration, which comes only with ${second}`,
  migration: (second: string) => `the migration is recorded without its schema change, which comes only with ${second}`,
  neither: (second: string) => `what this commit records does not fit together until ${second}`,
} as const;

const REBASED: Fix = { text: 'The later commits follow; where git stops at a conflict, resolve it and: git rebase --continue' };

/**
 * The first commit is made anew with the second's change in it, and the rest is put on top: there the second has
 * nothing left to change, and git leaves it out (`--empty=drop`, the default of a rebase that asks nothing).
 */
function joined(first: NamedCommit, second: NamedCommit, { branch, atTip }: Join): string {
  const [one, two] = [short(first), short(second)];
  if (atTip) return `git reset --soft ${one} && git commit --amend --no-edit`;
  return [`git switch --detach ${one}`, `git cherry-pick --no-commit ${two}`, 'git commit --amend --no-edit', `git rebase --onto HEAD ${one} ${branch}`].join(' && ');
}

/** The steps that put a mended file into the commit that needs it. */
export function intoCommit(commit: NamedCommit, isTip: boolean): Fix {
  const oid = short(commit);
  return isTip
    ? { text: 'Then put it into the commit itself:', run: 'git commit --amend --no-edit' }
    : { text: 'Then put it into the commit itself:', run: `git commit --fixup=${oid} && git -c sequence.editor=: rebase --interactive --autosquash ${oid}^` };
}

/** `commit 1a2b3c4d "Teams have a name"` */
function named({ oid, subject }: NamedCommit): string {
  return `commit ${oid.slice(0, 8)} ${JSON.stringify(subject)}`;
}

/** In a command: long enough to name one commit in any repository. */
function short({ oid }: NamedCommit): string {
  return oid.slice(0, 12);
}

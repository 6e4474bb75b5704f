import type { Entity } from '../../model/entity.ts';
import type { Draft, Fix } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';

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
  /** What the replaced findings are about. */
  readonly entities: readonly Entity[];
  readonly join: Join;
}

/** The branch that the commit to fix is on. */
export interface OnBranch {
  /** What `git rebase` takes: a branch's name; an oid where there is none. */
  readonly branch: string;
  /** Whether merges come after the commit: a rebase drops them without `--rebase-merges`. */
  readonly merges: boolean;
}

export interface Join extends OnBranch {
  /** Whether the second is checked out and its parent is the first. */
  readonly atTip: boolean;
}

/** One change that was recorded in two commits of a range: both are named, with the commands that make them one. */
export function splitOverCommits(split: SplitOverCommits): Draft {
  const { first, second, half, about, path, entities, join } = split;
  return {
    entities,
    describe: () => ({
      path,
      message: `${sentence[half](named(second))} (${about})`,
      fix: [
        {
          text: `Make one commit of the two:`,
          run: joined(first, second, join, half === 'neither'),
        },
        REBASED,
      ],
    }),
  };
}

const sentence = {
  schema: (second: string) =>
    `the schema change is recorded without its migration, which comes only with ${second}`,
  migration: (second: string) =>
    `the migration is recorded without its schema change, which comes only with ${second}`,
  neither: (second: string) => `what this commit records does not fit together until ${second}`,
} as const;

const REBASED: Fix = {
  text: 'The later commits follow; where git stops at a conflict, resolve it and: git rebase --continue',
};

/**
 * The first commit is made anew with the second's change in it, and the rest is put on top: there the second has
 * nothing left to change, and git leaves it out (`--empty=drop`, the default of a rebase that asks nothing).
 * @param undone the second takes back what the first did: of the two nothing may be left, at which `--amend` alone stops.
 */
function joined(
  first: NamedCommit,
  second: NamedCommit,
  { atTip, ...onBranch }: Join,
  undone: boolean,
): string {
  const [one, two] = [short(first), short(second)];
  const amend = amended(undone);
  if (atTip) return `git reset --soft ${one} && ${amend}`;
  return [
    `git switch --detach ${one}`,
    `git cherry-pick --no-commit ${two}`,
    amend,
    onTop(first, onBranch),
  ].join(' && ');
}

export interface Position extends OnBranch {
  /** Whether it is what is checked out, lies below that, or on another branch alone. */
  readonly at: 'tip' | 'below' | 'elsewhere';
  readonly parents: number;
}

/**
 * The steps around the cure of a fault that a commit has: those before it lead to the commit, the one after puts what
 * was mended into it. A fixup finds neither a merge nor what is not below HEAD.
 * @param restores the cure takes the commit's change back, and may leave nothing of it.
 */
export function fixesAround(
  commit: NamedCommit,
  position: Position,
  restores: boolean,
): { readonly before: readonly Fix[]; readonly after: Fix } {
  const oid = short(commit);
  if (position.at === 'tip') return { before: [], after: { text: INTO, run: amended(restores) } };
  if (position.at === 'below' && position.parents < 2) {
    const upstream = position.parents === 0 ? '--root' : `${oid}^`;
    const rest = restores
      ? ' (should git say that nothing is left of it: git reset HEAD^ && git rebase --continue)'
      : '';
    return {
      before: [],
      after: {
        text: INTO.replace(':', `${rest}:`),
        run: `git commit --fixup=${oid} && git -c sequence.editor=: rebase --interactive --autosquash ${again(position)}${upstream}`,
      },
    };
  }
  return {
    before: [
      {
        text: 'Go to that commit (and stay there for what follows):',
        run: `git switch --detach ${oid}`,
      },
    ],
    after: {
      text: `${INTO.slice(0, -1)}, and what comes after it on top:`,
      run: `${amended(restores)} && ${onTop(commit, position)}`,
    },
  };
}

const INTO = 'Then put it into the commit itself:';

function amended(mayBeEmpty: boolean): string {
  return `git commit --amend --no-edit${mayBeEmpty ? ' --allow-empty' : ''}`;
}

/** What comes after a commit, put on top of HEAD. */
function onTop(commit: NamedCommit, onBranch: OnBranch): string {
  return `git rebase ${again(onBranch)}--onto HEAD ${short(commit)} ${shellPath(onBranch.branch)}`;
}

function again({ merges }: OnBranch): string {
  return merges ? '--rebase-merges ' : '';
}

/** `commit 1a2b3c4d "Teams have a name"` */
function named({ oid, subject }: NamedCommit): string {
  return `commit ${oid.slice(0, 8)} ${JSON.stringify(subject)}`;
}

/** In a command: long enough to name one commit in any repository. */
function short({ oid }: NamedCommit): string {
  return oid.slice(0, 12);
}

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

interface SplitOverCommits {
  /** Lacks something, ... */
  readonly first: NamedCommit;
  /** ... which this one has. */
  readonly second: NamedCommit;
  /** Which half the first has; `neither`: it has both, or the second reverts the first. */
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

interface Join extends OnBranch {
  /** Whether the second is checked out and its parent is the first. */
  readonly atTip: boolean;
}

/**
 * One change that was committed in two commits of a range: both are named, with the commands that
 * combine them.
 */
export function splitOverCommits(split: SplitOverCommits): Draft {
  const { first, second, half, about, path, entities, join } = split;
  return {
    entities,
    describe: () => ({
      path,
      message: `${sentence[half](named(second))} (${about})`,
      fix: [
        {
          text: 'Combine the two commits:',
          run: joined(first, second, join, half === 'neither'),
        },
        ...(join.atTip ? [] : [REBASED]),
      ],
    }),
  };
}

const sentence = {
  schema: (second: string) =>
    `this commit has the schema change but not its migration, which is in ${second}`,
  migration: (second: string) =>
    `this commit has the migration but not its schema change, which is in ${second}`,
  neither: (second: string) =>
    `the schema and the migrations of this commit do not match until ${second}`,
} as const;

const REBASED: Fix = {
  text:
    'The later commits are rebased. If git stops at a conflict, resolve it and run `git ' +
    'rebase --continue`.',
};

/**
 * Amends the first commit with the change of the second, and rebases the rest. The second has
 * nothing left to change then, and git drops it (`--empty=drop`, the default of a rebase that is
 * not interactive).
 * @param undone the second reverts the first: together they may be empty, where `--amend` alone
 * stops
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
  /** Whether it is checked out, an ancestor of what is checked out, or on another branch alone. */
  readonly at: 'tip' | 'below' | 'elsewhere';
  readonly parents: number;
}

/**
 * The steps around the fix of a finding in a commit: those before it check the commit out, the one
 * after it amends the commit. A fixup works neither for a merge nor for a commit that is not an
 * ancestor of HEAD.
 * @param restores the fix reverts the commit's change, and may leave it empty
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
      ? ' (if git says that nothing is left of it: `git reset HEAD^ && git rebase --continue`)'
      : '';
    return {
      before: [],
      after: {
        text: INTO.replace(':', `${rest}:`),
        run:
          `git commit --fixup=${oid} && git -c sequence.editor=: rebase --interactive ` +
          `--autosquash ${rebaseMerges(position)}${upstream}`,
      },
    };
  }
  return {
    before: [
      {
        text: 'Check out that commit, and run the following commands there:',
        run: `git switch --detach ${oid}`,
      },
    ],
    after: {
      text: `${INTO.slice(0, -1)}, and rebase the later commits:`,
      run: `${amended(restores)} && ${onTop(commit, position)}`,
    },
  };
}

const INTO = 'Then put the fix into that commit:';

function amended(mayBeEmpty: boolean): string {
  return `git commit --amend --no-edit${mayBeEmpty ? ' --allow-empty' : ''}`;
}

/** Rebases the commits after a commit onto HEAD. */
function onTop(commit: NamedCommit, onBranch: OnBranch): string {
  return `git rebase ${rebaseMerges(onBranch)}--onto HEAD ${short(commit)} ${shellPath(onBranch.branch)}`;
}

function rebaseMerges({ merges }: OnBranch): string {
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

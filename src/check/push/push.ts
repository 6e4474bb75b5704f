import { GuardError } from '../../model/errors.ts';
import { changedBetween } from '../../git/trees/changed.ts';
import {
  boundaryOf,
  boundaryWith,
  commitsIn,
  type Range,
  type RangeCommit,
} from '../../git/refs/range.ts';
import type { PushedRef } from '../../git/refs/push.ts';
import { mergeBase } from '../../git/refs/merge-base.ts';
import {
  commitsOf,
  currentBranch,
  isTopic,
  nameOf,
  remoteBranches,
  type RemoteBranches,
} from '../../git/refs/remote-branches.ts';
import { openRepository, type Repository } from '../../git/repository.ts';
import type { Report } from '../../model/report.ts';
import type { RuleId } from '../../rules/index.ts';
import { type CheckOptions, nothing, type RunOptions } from '../run.ts';
import { checkCommits } from '../commit.ts';
import type { Net } from '../range/range.ts';
import type { Against } from '../../facts/other-branches.ts';
import { someMatter } from '../../relevance/closure.ts';

export interface PushOptions extends Omit<CheckOptions, 'what'> {
  /** The remote's name, or its URL where it has none. */
  readonly remote: string;
  readonly refs: readonly PushedRef[];
}

/**
 * Judges every commit that a push would give to the remote and that the remote has not got, and then what each ref
 * comes to against what the remote has.
 * @throws GuardError when it could not look.
 */
export async function checkPush(options: PushOptions): Promise<Report<RuleId>> {
  const { cwd, env, signal, refs } = options;
  if (bringsNothing(refs)) return nothing(nothingIn(refs));
  const repository = await openRepository({
    cwd,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const known = await remoteBranches(repository);
  const fetched = known.branches.some(({ ref }) =>
    ref.startsWith(`refs/remotes/${options.remote}/`),
  );
  // A remote that nothing was ever fetched from: what other remotes have was looked at when it went there.
  const has = {
    exclude: refs.flatMap(({ remoteOid }) => remoteOid ?? []),
    excludeRemote: fetched ? options.remote : '*',
  };
  return checkPushed(repository, refs, { known, remote: options.remote, fetched, has }, options);
}

/** Where a push goes to. */
export interface Receiver {
  /** What it has, as a clone knows it. */
  readonly known: RemoteBranches;
  /** What the clone calls it. */
  readonly remote: string;
  /** Whether anything of it is known; the branches of all remotes stand in for it otherwise. */
  readonly fetched: boolean;
  /** The commits that it has. */
  readonly has: Omit<Range, 'include'>;
}

export function bringsNothing(refs: readonly PushedRef[]): boolean {
  return !refs.some(({ localOid }) => localOid !== undefined);
}

export function nothingIn(refs: readonly PushedRef[]): string {
  return refs.length === 0 ? 'nothing is pushed' : 'the push only deletes';
}

/** Judges what a push brings to its receiver. */
export async function checkPushed(
  repository: Repository,
  refs: readonly PushedRef[],
  receiver: Receiver,
  options: RunOptions,
): Promise<Report<RuleId>> {
  const pushed = await tipsOf(repository, refs, receiver);
  if (pushed.length === 0) return nothing('no commit is pushed');
  const { known, remote, fetched, has } = receiver;
  const commits = await commitsIn(repository, {
    include: [...new Set(pushed.map(({ tip }) => tip))],
    ...has,
  });
  const published = publishedAt(receiver, pushed);
  const current = pushed.some(({ ref }) => ref.localRef === 'HEAD')
    ? await currentBranch(repository)
    : undefined;
  const live = known.branches.filter(({ ref }) => !isTopic(ref, known)).map(({ oid }) => oid);
  const nets = await Promise.all(
    pushed.map(async (one): Promise<Net> => {
      const livesOn =
        one.ref.remoteRef.startsWith('refs/heads/') && !isTopic(tracking(one.ref, remote), known);
      const from =
        (await rewritten(repository, one, livesOn)) ??
        (livesOn && fetched
          ? await addedTo(repository, one, live)
          : await madeFrom(repository, one, commits));
      return {
        tip: one.tip,
        branch: branchOf(one, current),
        ...from,
        against: againstFor(one, known, remote),
      };
    }),
  );
  const worth = worthJudging(
    nets,
    pushed,
    new Map(commits.map(({ oid, parents }) => [oid, parents])),
  );
  return checkCommits(
    repository,
    { commits, nets: worth, published: { tips: published, ...baseOf(nets) } },
    options,
  );
}

interface Pushed {
  readonly ref: PushedRef;
  /** Full oid of the commit; an annotated tag's is that of what it names. */
  readonly tip: string;
  /** What the remote's ref names now, or if that is not here, named when it was last fetched; undefined for what is no commit. */
  readonly had?: string;
}

/** What git keeps beside the branches, and `--mirror` pushes: no database is made from it. */
const ASIDE = /^refs\/(?:stash$|notes\/)/;

/** Left out are deletions, stashes and notes, and tags of something that is no commit. */
async function tipsOf(
  repository: Repository,
  refs: readonly PushedRef[],
  { known, remote }: Receiver,
): Promise<readonly Pushed[]> {
  const kept = refs.filter(
    ({ localOid, remoteRef }) => localOid !== undefined && !ASIDE.test(remoteRef),
  );
  const commits = await commitsOf(
    repository,
    kept.flatMap(({ localOid, remoteOid }) => [localOid ?? [], remoteOid ?? []].flat()),
  );
  return kept.flatMap((ref): readonly Pushed[] => {
    const tip = commits.get(ref.localOid ?? '') ?? 'missing';
    if (tip === 'missing') {
      throw new GuardError(
        'object-missing',
        `git has no object ${ref.localOid}, which ${ref.localRef} is said to name`,
        { help: ['git itself calls the hook, with the refs on standard input.'] },
      );
    }
    if (tip === 'no-commit') return [];
    const now = commits.get(ref.remoteOid ?? '');
    const had =
      now === 'missing'
        ? known.branches.find((branch) => branch.ref === tracking(ref, remote))?.oid
        : now;
    return [{ ref, tip, ...(had === undefined || had === 'no-commit' ? {} : { had }) }];
  });
}

/**
 * Not what differs in nothing from its base, nor a tag of a commit that a pushed branch has on its way: the commit
 * itself is looked at, and a first push may bring hundreds of tags.
 */
function worthJudging(
  nets: readonly Net[],
  pushed: readonly Pushed[],
  parents: Parents,
): readonly Net[] {
  const isBranch = nets.map(
    (_, at) => pushed[at]?.ref.remoteRef.startsWith('refs/heads/') === true,
  );
  const onTheWay = new Set(nets.filter((_, at) => isBranch[at]).map(({ tip }) => tip));
  for (const oid of onTheWay) for (const parent of parents.get(oid) ?? []) onTheWay.add(parent);
  return nets.filter(({ tip, base }, at) => tip !== base && (isBranch[at] || !onTheWay.has(tip)));
}

/** Of the commits that are new, by full oid. */
type Parents = ReadonlyMap<string, readonly string[]>;

/**
 * What others may have of the remote: all its branches but for the pushed topic branches themselves, and what it has
 * now under a pushed name that is none.
 */
function publishedAt(
  { known, remote, fetched }: Receiver,
  pushed: readonly Pushed[],
): readonly string[] {
  const names = new Set(
    pushed.map(({ ref }) =>
      fetched ? tracking(ref, remote) : ref.remoteRef.replace(/^refs\/heads\//, ''),
    ),
  );
  const of = known.branches.filter(
    ({ ref }) => !fetched || ref.startsWith(`refs/remotes/${remote}/`),
  );
  const others = of.filter(
    ({ ref }) => !(names.has(fetched ? ref : nameOf(ref)) && isTopic(ref, known)),
  );
  const had = pushed.flatMap(({ ref: { remoteRef }, had: oid }) => {
    return oid === undefined ||
      (remoteRef.startsWith('refs/heads/') &&
        isTopic(tracking({ remoteRef }, fetched ? remote : ''), known))
      ? []
      : [oid];
  });
  return [...new Set([...others.map(({ oid }) => oid), ...had])];
}

type From = Pick<Net, 'base' | 'also' | 'anyway'>;

/** A branch that lives on and is rewritten is compared with what it was: a forced push must not take away from it. */
async function rewritten(
  repository: Repository,
  { tip, had }: Pushed,
  livesOn: boolean,
): Promise<From | undefined> {
  if (!livesOn || had === undefined || (await mergeBase(repository, tip, had)) === had)
    return undefined;
  return { base: had, anyway: true };
}

/**
 * A branch that lives on is compared with what it and the others of its kind have: commits that the remote has got on a
 * topic branch alone may never have been judged, and what another branch that lives on has at fault was told there.
 */
async function addedTo(
  repository: Repository,
  { tip, had }: Pushed,
  live: readonly string[],
): Promise<From> {
  const from = await boundaryWith(repository, tip, [...live, ...(had === undefined ? [] : [had])]);
  const [base, ...also] = from.toSorted((a, b) => Number(b === had) - Number(a === had));
  if (base === undefined) return {};
  const differs =
    base !== tip &&
    (await someMatter(
      repository.commonDir,
      (await changedBetween(repository, base, tip)).map(({ path }) => path),
    ));
  return { base, also, ...(differs ? { anyway: true } : {}) };
}

/** Any other is compared with what the remote has of what it was made from; where that is nothing, with nothing. */
async function madeFrom(
  repository: Repository,
  { tip, had }: Pushed,
  commits: readonly RangeCommit[],
): Promise<From> {
  const [base, ...also] = await boundaryOf(repository, tip, commits);
  if (base !== undefined) return { base, also };
  const parted = had === undefined ? undefined : await mergeBase(repository, tip, had);
  return parted === undefined ? {} : { base: parted };
}

/** What `git rebase` takes for the pushed branch: its name, or the commit where it has none or one that moves with HEAD. */
function branchOf({ ref: { localRef }, tip }: Pushed, current: string | undefined): string {
  if (localRef === 'HEAD' && current !== undefined) return current;
  return localRef.startsWith('refs/') ? localRef.replace(/^refs\/heads\//, '') : tip.slice(0, 12);
}

/**
 * What a pushed branch will meet: what the remote has under its name, if it has got on; and, as a warning, the remote's
 * default branches before all others.
 */
function againstFor(
  { ref: { remoteRef }, had }: Pushed,
  known: RemoteBranches,
  remote: string,
): readonly Against[] {
  if (!remoteRef.startsWith('refs/heads/')) return [];
  const own = tracking({ remoteRef }, remote);
  const others = known.branches.filter(
    ({ ref }) => ref !== own && ref.startsWith(`refs/remotes/${remote}/`),
  );
  const first = others.toSorted(
    (a, b) => Number(known.defaults.has(b.ref)) - Number(known.defaults.has(a.ref)),
  );
  return [
    ...(had === undefined || isTopic(own, known)
      ? []
      : [{ name: own.slice('refs/remotes/'.length), commit: had }]),
    ...first.map(({ ref, oid }) => ({
      name: ref.slice('refs/remotes/'.length),
      commit: oid,
      advisory: true,
    })),
  ];
}

/** Where a fetch would put the pushed branch. */
function tracking({ remoteRef }: Pick<PushedRef, 'remoteRef'>, remote: string): string {
  return `refs/remotes/${remote}/${remoteRef.replace(/^refs\/heads\//, '')}`;
}

function baseOf(nets: readonly Net[]): { readonly base?: string } {
  const base = nets.find((net) => net.base !== undefined)?.base;
  return base === undefined ? {} : { base };
}

import { commitsIn } from '../../git/refs/range.ts';
import type { PushedRef } from '../../git/refs/push.ts';
import { currentBranch, remoteBranches, remoteNamed } from '../../git/refs/remote-branches.ts';
import { openRepository, type Repository } from '../../git/repository.ts';
import type { Report } from '../../model/report.ts';
import type { RuleId } from '../../rules/index.ts';
import { checkCommits } from '../commit.ts';
import type { RangeRequest } from '../range/range.ts';
import { type CheckOptions, nothing, type RunOptions } from '../run.ts';
import {
  longLivedTips,
  mergeTargetsOf,
  publishedAt,
  type PushedTip,
  type Receiver,
} from './long-lived.ts';
import { pushTarget, worthChecking } from './targets.ts';
import { pushedTips } from './tips.ts';

export interface PushOptions extends Omit<CheckOptions, 'what'> {
  /** The remote's name, or its URL if it has none. */
  readonly remote: string;
  readonly refs: readonly PushedRef[];
}

/**
 * Checks every commit that a push would give to the remote and that the remote does not have, and
 * then the combined result of each ref against what the remote has.
 * @throws GuardError when it could not check.
 */
export async function checkPush(options: PushOptions): Promise<Report<RuleId>> {
  const { cwd, env, signal, refs } = options;
  if (bringsNothing(refs)) return nothing(nothingIn(refs));
  const repository = await openRepository({
    cwd,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  return checkPushed(repository, refs, await receiverOf(repository, options), options);
}

/** What the clone knows of the repository that a push goes to. */
export async function receiverOf(
  repository: Repository,
  { remote: nameOrUrl, refs }: Pick<PushOptions, 'remote' | 'refs'>,
): Promise<Receiver> {
  const known = await remoteBranches(repository);
  const remote = await remoteNamed(repository, nameOrUrl);
  const fetched = known.branches.some(({ ref }) => ref.startsWith(`refs/remotes/${remote}/`));
  const has = {
    exclude: [
      ...refs.flatMap(({ remoteOid }) => remoteOid ?? []),
      // Nothing was ever fetched from it: what lives on elsewhere was checked when it was pushed
      // there. A topic branch need not have been.
      ...(fetched ? [] : longLivedTips({ known })),
    ],
    ...(fetched ? { excludeRemote: remote } : {}),
  };
  return { known, remote, fetched, has };
}

export function bringsNothing(refs: readonly PushedRef[]): boolean {
  return !refs.some(({ localOid }) => localOid !== undefined);
}

export function nothingIn(refs: readonly PushedRef[]): string {
  return refs.length === 0 ? 'nothing is pushed' : 'the push only deletes';
}

/** Checks what a push brings to its receiver. */
export async function checkPushed(
  repository: Repository,
  refs: readonly PushedRef[],
  receiver: Receiver,
  options: RunOptions,
): Promise<Report<RuleId>> {
  const range = await rangeOfPush(repository, refs, receiver);
  return range === undefined
    ? nothing('no commit is pushed')
    : checkCommits(repository, range, options);
}

/** The commits that a push brings, and its ends; undefined where it brings no commit at all. */
export async function rangeOfPush(
  repository: Repository,
  refs: readonly PushedRef[],
  receiver: Receiver,
): Promise<RangeRequest | undefined> {
  const pushed = await pushedTips(repository, refs, receiver);
  if (pushed.length === 0) return undefined;
  const commits = await commitsIn(repository, {
    include: [...new Set(pushed.map(({ tip }) => tip))],
    ...receiver.has,
  });
  const current = pushed.some(({ ref }) => ref.localRef === 'HEAD')
    ? await currentBranch(repository)
    : undefined;
  const targets = await Promise.all(
    pushed.map(async (one) => ({
      ...(await pushTarget(repository, one, receiver, commits)),
      branch: branchOf(one, current),
      mergeTargets: mergeTargetsOf(one, receiver),
    })),
  );
  const firstPush = isFirst(targets, receiver);
  const base = targets.find((target) => target.base !== undefined)?.base;
  const tips = publishedAt(receiver, pushed);
  return {
    commits,
    ends: worthChecking(targets, commits).map((end) =>
      firstPush ? { ...end, firstPush: true } : end,
    ),
    published: { tips, ...(base === undefined ? {} : { base }) },
  };
}

/** Whether nothing is known of the receiver, and nothing of what is pushed was anywhere before. */
function isFirst(
  targets: readonly { readonly base?: string }[],
  { known, remote }: Receiver,
): boolean {
  return (
    targets.every(({ base }) => base === undefined) &&
    !known.branches.some(({ ref }) => ref.startsWith(`refs/remotes/${remote}/`))
  );
}

/**
 * What `git rebase` takes for the pushed branch: its name; the commit if it has none or one that
 * moves with HEAD.
 */
function branchOf({ ref: { localRef }, tip }: PushedTip, current: string | undefined): string {
  if (localRef === 'HEAD' && current !== undefined) return current;
  return localRef.startsWith('refs/') ? localRef.replace(/^refs\/heads\//, '') : tip.slice(0, 12);
}

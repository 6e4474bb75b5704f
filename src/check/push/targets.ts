import { mergeBase } from '../../git/refs/merge-base.ts';
import { boundaryOf, boundaryWith, type RangeCommit } from '../../git/refs/range.ts';
import type { Repository } from '../../git/repository.ts';
import { changedBetween } from '../../git/trees/changed.ts';
import { relevanceAt } from '../../relevance/known.ts';
import {
  isBranch,
  isLongLived,
  longLivedTips,
  type PushedTip,
  type Receiver,
} from './long-lived.ts';

/** What a pushed ref is compared with. */
interface PushTarget {
  /** Full oid. */
  readonly tip: string;
  /** Full oid; undefined: nothing, the remote has none of its history. */
  readonly base?: string;
  /** Full oids of its other bases, as a merge has several. */
  readonly otherBases?: readonly string[];
  readonly reason: 'new-branch' | 'update' | 'force-push' | 'tag';
  /** To be checked even if the remote has all its commits already: on this branch they are new. */
  readonly always?: true;
}

/**
 * What each pushed ref is compared with. A force-push to a long-lived branch: with what the branch
 * was, so that nothing is taken away from it. Another push to a long-lived branch: with it and all
 * other long-lived branches, as the commits of a topic branch may never have been checked. Anything
 * else: with what the remote has of what it was made from.
 * @param commits those that are new to the remote
 */
export async function pushTarget(
  repository: Repository,
  pushed: PushedTip,
  receiver: Receiver,
  commits: readonly RangeCommit[],
): Promise<PushTarget> {
  const { ref, tip, remoteTip } = pushed;
  const longLived = isLongLived(ref, receiver);
  const common = remoteTip === undefined ? undefined : await mergeBase(repository, tip, remoteTip);
  const reason = reasonOf(pushed, common);
  if (reason === 'force-push' && longLived && remoteTip !== undefined)
    return { tip, reason, base: remoteTip, always: true };
  if (!longLived || (!receiver.fetched && remoteTip === undefined)) {
    const [base = common, ...otherBases] = await boundaryOf(repository, tip, commits);
    return { tip, reason, ...(base === undefined ? {} : { base, otherBases }) };
  }
  const own = remoteTip === undefined ? [] : [remoteTip];
  // Of another repository than those that were fetched from, only what it has itself counts.
  const others = receiver.fetched ? longLivedTips(receiver) : [];
  const bounds = await boundaryWith(repository, tip, [...others, ...own]);
  const [base, ...otherBases] = bounds.toSorted(
    (a, b) => Number(b === remoteTip) - Number(a === remoteTip),
  );
  if (base === undefined) return { tip, reason };
  const differs = base !== tip && (await differsVisibly(repository, base, tip));
  return { tip, reason, base, otherBases, ...(differs ? { always: true } : {}) };
}

function reasonOf({ ref, remoteTip }: PushedTip, common: string | undefined): PushTarget['reason'] {
  if (!isBranch(ref)) return 'tag';
  if (remoteTip === undefined) return 'new-branch';
  return common === remoteTip ? 'update' : 'force-push';
}

async function differsVisibly(repository: Repository, from: string, to: string): Promise<boolean> {
  const changed = await changedBetween(repository, from, to);
  const paths = changed.map(({ path }) => path);
  return (await relevanceAt(repository, to, paths)) !== 'none';
}

/**
 * The targets that need a check: not those that equal their base, nor tags of commits that a pushed
 * branch contains. Those commits are checked anyway, and a first push may bring hundreds of tags.
 */
export function worthChecking<T extends PushTarget>(
  targets: readonly T[],
  commits: readonly RangeCommit[],
): readonly T[] {
  const parents = new Map(commits.map((commit) => [commit.oid, commit.parents]));
  const contained = new Set(targets.filter(({ reason }) => reason !== 'tag').map(({ tip }) => tip));
  for (const oid of contained) for (const parent of parents.get(oid) ?? []) contained.add(parent);
  return targets.filter(
    ({ tip, base, reason }) => tip !== base && (reason !== 'tag' || !contained.has(tip)),
  );
}

import type { Against } from '../../facts/other-branches.ts';
import type { PushedRef } from '../../git/refs/push.ts';
import type { Range } from '../../git/refs/range.ts';
import { isTopic, nameOf, type RemoteBranches } from '../../git/refs/remote-branches.ts';

/** The repository that a push goes to. */
export interface Receiver {
  /** Its branches, as far as the clone knows them. */
  readonly known: RemoteBranches;
  /** The clone's name for it. */
  readonly remote: string;
  /**
   * Whether any of its branches is known; if not, the branches of all remotes stand in for them.
   */
  readonly fetched: boolean;
  /** The commits that it has. */
  readonly has: Omit<Range, 'include'>;
}

export interface PushedTip {
  readonly ref: PushedRef;
  /** Full oid of the pushed commit; of an annotated tag, the commit that it names. */
  readonly tip: string;
  /**
   * Full oid of the commit that the remote's ref names now; if the clone does not have it, the one
   * that was fetched last.
   */
  readonly remoteTip?: string;
}

type RemoteRef = Pick<PushedRef, 'remoteRef'>;

export function isBranch({ remoteRef }: RemoteRef): boolean {
  return remoteRef.startsWith('refs/heads/');
}

/** The remote-tracking ref that a fetch would write the pushed branch to. */
export function trackingRef({ remoteRef }: RemoteRef, remote: string): string {
  return `refs/remotes/${remote}/${remoteRef.replace(/^refs\/heads\//, '')}`;
}

/** Whether the ref is a branch that others build on: nobody may rewrite its migrations. */
export function isLongLived(ref: RemoteRef, { known, remote }: Receiver): boolean {
  return isBranch(ref) && !isTopic(trackingRef(ref, remote), known);
}

/** Full oids of the long-lived branches of all remotes. */
export function longLivedTips({ known }: Pick<Receiver, 'known'>): readonly string[] {
  return known.branches.filter(({ ref }) => !isTopic(ref, known)).map(({ oid }) => oid);
}

/**
 * The commits that others may have: all branches of the remote except the pushed topic branches,
 * and what the remote has under each pushed name that is no topic branch.
 */
export function publishedAt(receiver: Receiver, pushed: readonly PushedTip[]): readonly string[] {
  const { known, remote, fetched } = receiver;
  const names = new Set(
    pushed.map(({ ref }) =>
      fetched ? trackingRef(ref, remote) : ref.remoteRef.replace(/^refs\/heads\//, ''),
    ),
  );
  const others = known.branches
    .filter(({ ref }) => !fetched || ref.startsWith(`refs/remotes/${remote}/`))
    .filter(({ ref }) => !(names.has(fetched ? ref : nameOf(ref)) && isTopic(ref, known)));
  const own = pushed.flatMap(({ ref, remoteTip }) =>
    remoteTip === undefined ||
    (isBranch(ref) && isTopic(trackingRef(ref, fetched ? remote : ''), known))
      ? []
      : [remoteTip],
  );
  return [...new Set([...others.map(({ oid }) => oid), ...own])];
}

/**
 * The branches that a pushed branch will be merged with: the one of its name at the remote, if that
 * is long-lived; and, for warnings only, the remote's other branches, default branches first.
 */
export function mergeTargetsOf(
  { ref, remoteTip }: PushedTip,
  { known, remote }: Receiver,
): readonly Against[] {
  if (!isBranch(ref)) return [];
  const own = trackingRef(ref, remote);
  const others = known.branches
    .filter((other) => other.ref !== own && other.ref.startsWith(`refs/remotes/${remote}/`))
    .toSorted((a, b) => Number(known.defaults.has(b.ref)) - Number(known.defaults.has(a.ref)));
  return [
    ...(remoteTip === undefined || isTopic(own, known)
      ? []
      : [{ name: shortName(own), commit: remoteTip }]),
    ...others.map((other) => ({ name: shortName(other.ref), commit: other.oid, advisory: true })),
  ];
}

/** `refs/remotes/origin/main` -> `origin/main` */
function shortName(ref: string): string {
  return ref.slice('refs/remotes/'.length);
}

import { GuardError } from '../../model/errors.ts';
import { resolveCommit } from '../trees/commit-tree.ts';
import { hasRemote } from './has-remote.ts';
import { mergeBase } from './merge-base.ts';
import { isOn, parentsOn, trunkParents } from './on-branches.ts';
import { isTopic, ownTopics, remoteBranches, type RemoteBranches } from './remote-branches.ts';
import type { Repository } from '../repository.ts';

/** The commits that others may have. */
export interface PublishedCommits {
  /** Merge base with the upstream, or with the base that was given; with no remote at all, HEAD. */
  readonly base?: string;
  /** The base and the tips of all remote-tracking branches, each once. */
  readonly tips: readonly string[];
  /** There is no remote, and HEAD stands for what others have. */
  readonly withoutRemote?: true;
  /** The tips are a merge's parents, and nothing says which of them others had first. */
  readonly eitherParent?: true;
  /** Those of these parents whose migrations stay in any case: see `trunkParents`. */
  readonly trunk?: readonly string[];
}

/**
 * What is published for the branch that is checked out. The remote's copy of that very branch does
 * not count as long as it is a topic branch (see `isTopic`): what only it has is still in progress.
 * @param base a revision that replaces all remote-tracking branches (`--base`, the start of a
 * range).
 * @param of with a base: the commit whose published history is wanted, a full oid; HEAD by default.
 * @throws GuardError `unknown-revision` for a base that is not there; `object-missing` where a
 * shallow history hides the merge base.
 */
export async function publishedCommits(
  repository: Repository,
  { base, of }: { readonly base?: string; readonly of?: string } = {},
): Promise<PublishedCommits> {
  if (base !== undefined) {
    const given = await resolveCommit(repository, base);
    const met = await nearest(repository, [[base, given]], of);
    return {
      ...(met === undefined ? {} : { base: met }),
      tips: [...new Set([given, ...(met === undefined ? [] : [met])])],
    };
  }
  const remote = await remoteBranches(repository);
  const own = new Set(ownTopics(remote));
  const tips = [
    ...new Set(remote.branches.filter(({ ref }) => !own.has(ref)).map(({ oid }) => oid)),
  ];
  const { upstream } = remote;
  if (upstream !== undefined && !own.has(upstream))
    return metWith(repository, remote, tips, [upstream]);
  if (own.size > 0) return metWith(repository, remote, tips, leading(remote, own));
  if (tips.length > 0) return { tips };
  if (repository.head === undefined || (await hasRemote(repository))) return { tips: [] };
  return { base: repository.head, tips: [repository.head], withoutRemote: true };
}

/**
 * What is published for a commit that is about to be made.
 * @param mergeHeads full oids of what it merges: without a remote, nothing says which side others
 * had first.
 */
export async function publishedInIndex(
  repository: Repository,
  mergeHeads: readonly string[],
): Promise<PublishedCommits> {
  const published = await publishedCommits(repository);
  if (published.withoutRemote !== true || mergeHeads.length === 0) return published;
  const tips = [...published.tips, ...mergeHeads];
  return { ...published, tips, eitherParent: true, trunk: await trunkParents(repository, tips) };
}

/**
 * What was published when a commit was made, where nobody says so: what its parents have. Of a
 * merge, only the parents that a remote's default branch without the merge has, if any. A commit of
 * the branch that is checked out, not a merge, which no remote has, is compared with what is
 * published now, as when it was made.
 * @param oid full, as those of `parents`.
 */
export async function publishedBefore(
  repository: Repository,
  oid: string,
  parents: readonly string[],
): Promise<PublishedCommits> {
  // A shallow clone may not know that a branch has it, nor may a job of CI, where HEAD is detached.
  const remote = await remoteBranches(repository);
  const { current } = remote;
  if (parents.length === 1 && !repository.shallow && current !== undefined) {
    const now = await publishedCommits(repository);
    if (now.withoutRemote !== true && now.tips.length > 0 && !(await isIn(repository, now, oid)))
      return publishedFor(repository, now, oid);
  }
  const known =
    parents.length > 1 ? await parentsOn([...remote.defaults], repository, parents, oid) : parents;
  const [base] = known.length === 0 ? parents : known;
  const published = { tips: parents, ...(base === undefined ? {} : { base }) };
  if (known.length > 0) return { ...published, tips: known };
  const trunk = (await hasRemote(repository)) ? [] : await trunkParents(repository, parents, oid);
  return { ...published, eitherParent: true, trunk };
}

/**
 * Whether others may have a commit (full oid) of the branch that is checked out. Without a remote
 * nobody has. @throws GuardError `object-missing`, as `publishedCommits`.
 */
export async function isPublished(repository: Repository, oid: string): Promise<boolean> {
  const published = await publishedCommits(repository);
  return published.withoutRemote !== true && isIn(repository, published, oid);
}

async function isIn(
  { git }: Repository,
  { tips }: PublishedCommits,
  oid: string,
): Promise<boolean> {
  const { stdout } = await git.run(['rev-list', '--max-count=1', '--stdin'], {
    input: [oid, ...tips.map((tip) => `^${tip}`)].map((rev) => `${rev}\n`).join(''),
  });
  return stdout.length === 0;
}

/**
 * What is published for one commit of a range that has merges: its base may have come in with one of
 * them, and then only what the commit has in common with that base counts as the base.
 */
export async function publishedFor(
  repository: Repository,
  published: PublishedCommits,
  oid: string,
): Promise<PublishedCommits> {
  if (published.base === undefined) return published;
  const base = await nearest(repository, [[published.base, published.base]], oid);
  return { tips: published.tips, ...(base === undefined ? {} : { base }) };
}

/**
 * Whether a commit is what others work on: behind the base that is published, or on a long-lived
 * branch of a remote. A topic branch that was pushed is not.
 * @param oid full; @param without full oid of a commit that a branch may not have: it is judged
 */
export async function isOnTrunk(
  repository: Repository,
  { base }: PublishedCommits,
  oid: string,
  without?: string,
): Promise<boolean> {
  if (base !== undefined) {
    const { stdout } = await repository.git.run(['rev-list', '--max-count=1', oid, `^${base}`]);
    if (stdout.length === 0) return true;
  }
  const remote = await remoteBranches(repository);
  const trunks = remote.branches.map(({ ref }) => ref).filter((ref) => !isTopic(ref, remote));
  return isOn(trunks, repository, oid, without);
}

/** @param others full names; what HEAD has in common with them is published in any case. */
async function metWith(
  repository: Repository,
  { branches }: RemoteBranches,
  tips: readonly string[],
  others: readonly string[],
): Promise<PublishedCommits> {
  const named = new Map(branches.map(({ ref, oid }) => [ref, oid]));
  const base = await nearest(
    repository,
    others.flatMap((ref) => {
      const oid = named.get(ref);
      return oid === undefined ? [] : [[ref, oid] as const];
    }),
  );
  return {
    tips: [...new Set([...tips, ...(base === undefined ? [] : [base])])],
    ...(base === undefined ? {} : { base }),
  };
}

/**
 * What a topic branch starts from: the default branches; all others where the clone does not know
 * them.
 */
function leading(
  { branches, defaults }: RemoteBranches,
  own: ReadonlySet<string>,
): readonly string[] {
  const others = branches.filter(({ ref }) => !own.has(ref)).map(({ ref }) => ref);
  const known = others.filter((ref) => defaults.has(ref));
  return known.length > 0 ? known : others.slice(0, MANY);
}

/** How many commits one call of git may be given. */
const MANY = 500;

/**
 * The nearest commit that HEAD (or `of`) has in common with any of the others.
 * @param others by what a message calls them, with their full oids
 * @returns undefined where there is no common history
 */
async function nearest(
  repository: Repository,
  others: readonly (readonly [name: string, oid: string])[],
  of = repository.head,
): Promise<string | undefined> {
  if (of === undefined || others.length === 0) return undefined;
  const base = await mergeBase(repository, of, ...others.map(([, oid]) => oid));
  if (base !== undefined || !repository.shallow) return base;
  const named = others
    .map(([name]) => name.replace(/^refs\/remotes\//, ''))
    .slice(0, 3)
    .join(', ');
  throw new GuardError(
    'object-missing',
    `this clone is shallow, and its merge base with ${named} is not in it`,
    {
      help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
    },
  );
}

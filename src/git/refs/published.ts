import { GuardError } from '../../model/errors.ts';
import { resolveCommit } from '../trees/commit-tree.ts';
import { FOLDER, foldersIn, listFolders } from '../trees/folders.ts';
import { literally, parseLsTree } from '../trees/listing.ts';
import { ownTopics, remoteBranches, type RemoteBranches } from './remote-branches.ts';
import type { Repository } from '../repository.ts';
import type { Entry } from '../trees/tree.ts';
import { type RepoPath, folderOf } from '../../model/repo-path.ts';

/** The commits that others may have. */
export interface PublishedCommits {
  /** Merge base with the upstream, or with the base that was given; with no remote at all, HEAD. */
  readonly base?: string;
  /** The base and the tips of all remote-tracking branches, each once. */
  readonly tips: readonly string[];
}

export interface PublishedPaths {
  /** What the base has under the path. */
  readonly base: ReadonlyMap<RepoPath, Entry>;
  /** Every content that any published commit's tree has under the path. */
  readonly contents: ReadonlyMap<RepoPath, ReadonlySet<string>>;
  /** Full oid of the commit that `base` was read from. */
  readonly baseCommit?: string;
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
    const met = await mergeBase(repository, [given], of);
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
  if (upstream !== undefined && !own.has(upstream)) return metWith(repository, tips, [upstream]);
  if (own.size > 0) return metWith(repository, tips, leading(remote, own));
  if (tips.length > 0) return { tips };
  if (repository.head === undefined || (await hasRemote(repository))) return { tips: [] };
  return { base: repository.head, tips: [repository.head] };
}

/** @param others revisions; what HEAD has in common with them is published in any case. */
async function metWith(
  repository: Repository,
  tips: readonly string[],
  others: readonly string[],
): Promise<PublishedCommits> {
  const base = others.length === 0 ? undefined : await mergeBase(repository, others);
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
 * What is published under a few paths, without listing whole trees: each folder is looked up in
 * each commit, and each distinct folder is read once, however many thousand branches have it. Blobs
 * are not touched (partial clones).
 * @param commits what is published, where the caller knows more than the remote-tracking branches.
 */
export async function publishedPaths(
  repository: Repository,
  paths: readonly RepoPath[],
  commits?: PublishedCommits,
): Promise<PublishedPaths> {
  const wanted = [...new Set(paths)];
  if (wanted.length === 0) return { base: new Map(), contents: new Map() };
  const published = commits ?? (await publishedCommits(repository));
  const { base } = published;
  const [listings, entries] = await Promise.all([
    listingsOf(repository, published, wanted.map(folderOf)),
    base === undefined ? new Map<RepoPath, Entry>() : entriesIn(repository, base, wanted),
  ]);
  const contents = new Map<RepoPath, Set<string>>();
  for (const path of wanted) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found = (listings.get(folderOf(path)) ?? []).map((listing) => listing.get(name));
    const oids = found.flatMap((entry) =>
      entry === undefined || entry.mode === FOLDER ? [] : [entry.oid],
    );
    if (oids.length > 0) contents.set(path, new Set(oids));
  }
  return { base: entries, contents, ...(base === undefined ? {} : { baseCommit: base }) };
}

type Listing = ReadonlyMap<string, Entry>;

/**
 * Every commit of a range is compared with the same published ones, whose folders are listed once.
 */
const listed = new WeakMap<PublishedCommits, Map<RepoPath, readonly Listing[]>>();

async function listingsOf(
  repository: Repository,
  commits: PublishedCommits,
  folders: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, readonly Listing[]>> {
  const known = listed.get(commits) ?? new Map<RepoPath, readonly Listing[]>();
  listed.set(commits, known);
  const missing = [...new Set(folders)].filter((folder) => !known.has(folder));
  if (missing.length === 0) return known;
  const oids = await foldersIn(repository, commits.tips, missing);
  const listings = await listFolders(repository, union(oids.values()));
  for (const folder of missing)
    known.set(
      folder,
      [...(oids.get(folder) ?? [])].flatMap((oid) => listings.get(oid) ?? []),
    );
  return known;
}

function union(sets: Iterable<ReadonlySet<string>>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const set of sets) for (const one of set) all.add(one);
  return all;
}

async function hasRemote({ git }: Repository): Promise<boolean> {
  return (await git.run(['remote'])).stdout.length > 0;
}

/**
 * The nearest commit that HEAD (or `of`) has in common with any of the others.
 * @returns undefined where there is no common history (exit code 1), or no such commit (128).
 */
async function mergeBase(
  repository: Repository,
  others: readonly string[],
  of = repository.head,
): Promise<string | undefined> {
  if (of === undefined) return undefined;
  const { stdout, exitCode } = await repository.git.run(['merge-base', of, ...others], {
    ok: [0, 1, 128],
  });
  if (exitCode === 0) return stdout.toString('utf8').trim();
  if (exitCode === 1 && repository.shallow) {
    const named = others
      .map((other) => other.replace(/^refs\/remotes\//, ''))
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
  return undefined;
}

async function entriesIn(
  { git }: Repository,
  commit: string,
  paths: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, Entry>> {
  const found = new Map<RepoPath, Entry>();
  for (let at = 0; at < paths.length; at += 200) {
    const { stdout } = await git.run([
      'ls-tree',
      '-z',
      '--full-tree',
      commit,
      '--',
      ...paths.slice(at, at + 200).map(literally),
    ]);
    for (const [path, entry] of parseLsTree(stdout)) found.set(path, entry);
  }
  return found;
}

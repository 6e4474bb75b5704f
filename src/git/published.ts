import { GuardError } from '../errors.ts';
import { resolveCommit } from './commit-tree.ts';
import { FOLDER, foldersIn, listFolders } from './folders.ts';
import { literally, parseLsTree } from './listing.ts';
import type { Repository } from './repository.ts';
import type { Entry, RepoPath } from './tree.ts';

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
 * @param base a revision that overrides the upstream (`--base`).
 * @throws GuardError `unknown-revision` for a base that is not there; `object-missing` where a shallow history hides
 * the merge base.
 */
export async function publishedCommits(repository: Repository, { base }: { readonly base?: string } = {}): Promise<PublishedCommits> {
  const given = base === undefined ? undefined : await resolveCommit(repository, base);
  const [refs, onUpstream] = await Promise.all([remoteTips(repository), mergeBase(repository, given ?? '@{upstream}')]);
  const tips = new Set([...refs, ...[given, onUpstream].filter((oid) => oid !== undefined)]);
  if (tips.size > 0) return { ...(onUpstream === undefined ? {} : { base: onUpstream }), tips: [...tips] };
  if (repository.head === undefined || (await hasRemote(repository))) return { tips: [] };
  return { base: repository.head, tips: [repository.head] };
}

/**
 * What is published under a few paths, without listing whole trees: each folder is looked up in each commit, and each
 * distinct folder is read once, however many thousand branches have it. Blobs are not touched (partial clones).
 */
export async function publishedPaths(repository: Repository, paths: readonly RepoPath[], options: { readonly base?: string } = {}): Promise<PublishedPaths> {
  const wanted = [...new Set(paths)];
  if (wanted.length === 0) return { base: new Map(), contents: new Map() };
  const { base, tips } = await publishedCommits(repository, options);
  const folders = await foldersIn(repository, tips, wanted.map(folderOf));
  const listings = await listFolders(repository, union(folders.values()));
  const contents = new Map<RepoPath, Set<string>>();
  for (const path of wanted) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const entries = [...(folders.get(folderOf(path)) ?? [])].map((folder) => listings.get(folder)?.get(name));
    const oids = entries.flatMap((entry) => (entry === undefined || entry.mode === FOLDER ? [] : [entry.oid]));
    if (oids.length > 0) contents.set(path, new Set(oids));
  }
  if (base === undefined) return { base: new Map(), contents };
  return { base: await entriesIn(repository, base, wanted), contents, baseCommit: base };
}

function union(sets: Iterable<ReadonlySet<string>>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const set of sets) for (const one of set) all.add(one);
  return all;
}

function folderOf(path: RepoPath): RepoPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function remoteTips({ git }: Repository): Promise<readonly string[]> {
  // origin/HEAD names a branch that is in the list itself.
  const { stdout } = await git.run(['for-each-ref', '--format=%(objectname) %(symref)', 'refs/remotes']);
  const lines = stdout.toString('utf8').split('\n').filter((line) => line !== '');
  return [...new Set(lines.filter((line) => line.endsWith(' ')).map((line) => line.trimEnd()))];
}

async function hasRemote({ git }: Repository): Promise<boolean> {
  return (await git.run(['remote'])).stdout.length > 0;
}

/** @returns undefined where there is no upstream (exit code 128), or no common history (1). */
async function mergeBase(repository: Repository, other: string): Promise<string | undefined> {
  if (repository.head === undefined) return undefined;
  const { stdout, exitCode } = await repository.git.run(['merge-base', repository.head, other], { ok: [0, 1, 128] });
  if (exitCode === 0) return stdout.toString('utf8').trim();
  if (exitCode === 1 && repository.shallow) {
    throw new GuardError('object-missing', `the history here is shallow, and where it meets ${other} is cut off`, { help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'] });
  }
  return undefined;
}

async function entriesIn({ git }: Repository, commit: string, paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, Entry>> {
  const found = new Map<RepoPath, Entry>();
  for (let at = 0; at < paths.length; at += 200) {
    const { stdout } = await git.run(['ls-tree', '-z', '--full-tree', commit, '--', ...paths.slice(at, at + 200).map(literally)]);
    for (const [path, entry] of parseLsTree(stdout)) found.set(path, entry);
  }
  return found;
}

import { type RepoPath, folderOf } from '../../model/repo-path.ts';
import type { Repository } from '../repository.ts';
import { FOLDER, foldersIn, listFolders } from '../trees/folders.ts';
import type { Entry } from '../trees/tree.ts';
import { publishedCommits, type PublishedCommits } from './published.ts';

export interface PublishedPaths {
  /** What the base has under the path. */
  readonly base: ReadonlyMap<RepoPath, Entry>;
  /** Every content that any published commit's tree has under the path. */
  readonly contents: ReadonlyMap<RepoPath, ReadonlySet<string>>;
  /** Full oid of the commit that `base` was read from. */
  readonly baseCommit?: string;
}

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
const listed = new WeakMap<PublishedCommits['tips'], Map<RepoPath, readonly Listing[]>>();

async function listingsOf(
  repository: Repository,
  { tips }: PublishedCommits,
  folders: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, readonly Listing[]>> {
  const known = listed.get(tips) ?? new Map<RepoPath, readonly Listing[]>();
  listed.set(tips, known);
  const missing = [...new Set(folders)].filter((folder) => !known.has(folder));
  if (missing.length === 0) return known;
  const oids = await foldersIn(repository, tips, missing);
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

async function entriesIn(
  repository: Repository,
  commit: string,
  paths: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, Entry>> {
  const folders = await foldersIn(repository, [commit], paths.map(folderOf));
  const listings = await listFolders(repository, union(folders.values()));
  return new Map(
    paths.flatMap((path): [RepoPath, Entry][] => {
      const [oid = ''] = folders.get(folderOf(path)) ?? [];
      const entry = listings.get(oid)?.get(path.slice(path.lastIndexOf('/') + 1));
      return entry === undefined || entry.mode === FOLDER ? [] : [[path, entry]];
    }),
  );
}

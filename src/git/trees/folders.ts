import { readObjects } from '../blobs.ts';
import { objectMissing } from '../object-missing.ts';
import type { Repository } from '../repository.ts';
import type { Entry } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** As tree objects write it; `ls-tree` shows `040000`. */
export const FOLDER = '40000';

/**
 * Looks folders up in many commits at once.
 * @param folders '' is the top. @returns for each folder the distinct tree oids that the commits
 * have there.
 */
export async function foldersIn(
  repository: Repository,
  commits: readonly string[],
  folders: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, ReadonlySet<string>>> {
  const wanted = [...new Set(folders)];
  const plain = wanted.filter((folder) => !/[\r\n]/.test(folder));
  const queries = plain.flatMap((folder) =>
    commits.map((commit) => ({
      folder,
      query: folder === '' ? `${commit}^{tree}` : `${commit}:${folder}`,
    })),
  );
  const found = new Map<RepoPath, Set<string>>(wanted.map((folder) => [folder, new Set()]));
  if (queries.length > 0) {
    const { stdout } = await repository.git.run(['cat-file', '--batch-check'], {
      input: `${queries.map(({ query }) => query).join('\n')}\n`,
    });
    const answers = stdout.toString('utf8').split('\n');
    for (const [at, { folder }] of queries.entries()) {
      const [oid = '', type] = (answers[at] ?? '').split(' ');
      if (type === 'tree') found.get(folder)?.add(oid);
    }
  }
  // The request is a line: a folder whose name has a line break is found in the listing of its
  // parent.
  for (const folder of wanted.filter((one) => !plain.includes(one))) {
    const cut = folder.lastIndexOf('/');
    const above = folder.slice(0, Math.max(0, cut));
    const parents = (await foldersIn(repository, commits, [above])).get(above) ?? new Set();
    for (const listing of (await listFolders(repository, parents)).values()) {
      const entry = listing.get(folder.slice(cut + 1));
      if (entry?.mode === FOLDER) found.get(folder)?.add(entry.oid);
    }
  }
  return found;
}

/**
 * Reads tree objects: `<mode> <name>\0<oid in binary>`, one after another (git's tree-walk.c).
 * @returns for each oid its entries by name; a folder's mode is `40000` here.
 */
export async function listFolders(
  repository: Repository,
  oids: Iterable<string>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Entry>>> {
  const listings = new Map<string, ReadonlyMap<string, Entry>>();
  const wanted = [...oids];
  if (wanted.length === 0) return listings;
  const { objects, died } = await readObjects(repository.git, wanted);
  for (const [at, oid] of wanted.entries()) {
    const bytes = objects[at];
    if (bytes === undefined) throw objectMissing(oid, undefined, died);
    listings.set(oid, parseTree(Buffer.from(bytes), oid.length / 2));
  }
  return listings;
}

function parseTree(bytes: Buffer, oidBytes: number): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    const end = nul + 1 + oidBytes;
    entries.set(bytes.toString('utf8', space + 1, nul), {
      mode: bytes.toString('latin1', at, space),
      oid: bytes.toString('hex', nul + 1, end),
    });
    at = end;
  }
  return entries;
}

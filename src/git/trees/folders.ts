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
  const found = new Map<RepoPath, Set<string>>(wanted.map((folder) => [folder, new Set()]));
  const asked = plain.flatMap((folder) =>
    commits.map(async (commit) => {
      const oid = await treeAt(repository, commit, folder);
      if (oid !== undefined) found.get(folder)?.add(oid);
    }),
  );
  await Promise.all(asked);
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
 * @param commit a full oid; @param folder without a line break
 * @returns the oid of the folder's tree there; undefined where there is none.
 * @throws GuardError `object-missing`
 */
export async function treeAt(
  { objects }: Repository,
  commit: string,
  folder: RepoPath,
): Promise<string | undefined> {
  const name = folder === '' ? `${commit}^{tree}` : `${commit}:${folder}`;
  const { oid, type, died } = await objects.look(name);
  if (died !== undefined) throw objectMissing(name, undefined, died);
  return type === 'tree' ? oid : undefined;
}

/**
 * Reads tree objects: `<mode> <name>\0<oid in binary>`, one after another (git's tree-walk.c).
 * @returns for each oid its entries by name; a folder's mode is `40000` here.
 */
export async function listFolders(
  repository: Repository,
  oids: Iterable<string>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Entry>>> {
  const listings = [...oids].map(async (oid) => {
    const { bytes, died } = await repository.objects.read(oid);
    if (bytes === undefined) throw objectMissing(oid, undefined, died);
    return [oid, parseTree(Buffer.from(bytes), oid.length / 2)] as const;
  });
  return new Map(await Promise.all(listings));
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

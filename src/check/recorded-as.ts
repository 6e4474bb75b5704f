import { contentsBelow, type RecordedContent } from '../git/refs/contents-below.ts';
import type { Repository } from '../git/repository.ts';
import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { hashesOf } from '../status/content.ts';
import { isHash } from '../status/rows.ts';

/** The commits that recorded a SQL, by its hash as drizzle-orm makes it; the oldest of each. */
export type Recorded = ReadonlyMap<string, RecordedContent>;

/** How many blobs are in memory at once. */
const AT_ONCE = 100;

/**
 * Finds SQL that ran in the history of all branches, whatever line endings it had.
 * @param out repository path of the migrations folder
 * @param hashes those of rows; what is no hash is not looked for
 */
export async function recordedAs(
  repository: Repository,
  out: RepoPath,
  hashes: readonly string[],
): Promise<Recorded> {
  const wanted = new Set(hashes.filter(isHash));
  const found = new Map<string, RecordedContent>();
  if (wanted.size === 0) return found;
  const contents = (await contentsBelow(repository, out)).filter(({ path }) =>
    path.endsWith('.sql'),
  );
  const byOid = new Map<string, readonly string[]>();
  const oids = [...new Set(contents.map(({ oid }) => oid))];
  for (let at = 0; at < oids.length; at += AT_ONCE)
    await Promise.all(
      oids.slice(at, at + AT_ONCE).map(async (oid) => {
        const bytes = await readIfHere(repository, oid);
        if (bytes === undefined) return;
        const { hash, otherLineEndings } = hashesOf(bytes);
        byOid.set(
          oid,
          [hash, ...otherLineEndings].filter((one) => wanted.has(one)),
        );
      }),
    );
  // The newest is first, and the oldest stays.
  for (const content of contents)
    for (const hash of byOid.get(content.oid) ?? []) found.set(hash, content);
  return found;
}

/** A partial clone may not have an old one: then nothing is said about it. */
async function readIfHere(repository: Repository, oid: string): Promise<Uint8Array | undefined> {
  try {
    return (await repository.blobs.read([oid])).get(oid);
  } catch (error) {
    if (error instanceof GuardError && error.code === 'object-missing') return undefined;
    throw error;
  }
}

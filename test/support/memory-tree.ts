import { createHash } from 'node:crypto';
import type { Entry, Tree } from '../../src/git/trees/tree.ts';
import type { RepoPath } from '../../src/model/repo-path.ts';

/** A tree from a literal, with the oids that git would give the same bytes (SHA-1 blobs). */
export function memoryTree(
  files: Readonly<Record<RepoPath, string | Uint8Array>>,
  name = 'a literal',
): Tree {
  const bytes = new Map(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const),
  );
  const entries = new Map(
    [...bytes].map(
      ([path, content]) =>
        [path, { mode: '100644', oid: blobOid(content) } satisfies Entry] as const,
    ),
  );
  return {
    name,
    entries: async () => entries,
    read: async (paths) =>
      new Map(
        [...paths].flatMap((path) => (bytes.has(path) ? [[path, bytes.get(path)!] as const] : [])),
      ),
  };
}

/** As `git hash-object` without filters. */
export function blobOid(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

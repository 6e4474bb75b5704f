import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * The content with which files were first committed, in the history of some commits: full oids of
 * blobs, by path.
 * @param commits full oids.
 * @returns nothing for a path that was added more than once with different contents, and nothing at
 * all in a shallow clone, whose oldest commit seems to add everything.
 */
export async function firstContents(
  { git, shallow }: Repository,
  commits: readonly string[],
  paths: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, string>> {
  if (shallow || commits.length === 0 || paths.length === 0) return new Map();
  const { stdout } = await git.run([
    'log',
    '--format=',
    '--raw',
    '--no-abbrev',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-show-signature',
    '--diff-filter=A',
    ...commits,
    '--',
    ...paths.map(literally),
  ]);
  const found = new Map<RepoPath, Set<string>>();
  for (const [, oid = '', path = ''] of stdout
    .toString('utf8')
    .matchAll(/:\d{6} \d{6} [0-9a-f]+ ([0-9a-f]+) A\0([^\0]+)/g))
    found.set(path, (found.get(path) ?? new Set()).add(oid));
  return new Map(
    [...found].flatMap(([path, [only, ...more]]) =>
      only === undefined || more.length > 0 ? [] : [[path, only] as const],
    ),
  );
}

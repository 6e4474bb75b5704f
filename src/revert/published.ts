import { publishedPaths } from '../git/refs/published-paths.ts';
import { publishedCommits } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import type { Migration } from '../history/history.ts';

/**
 * Whether others may have one of these migrations: as a check judges it, without a remote all that
 * HEAD has.
 */
export async function isPublishedIn(
  repository: Repository,
  migrations: readonly Migration[],
): Promise<boolean> {
  const files = migrations.flatMap(({ sql, snapshot }) => [sql ?? [], snapshot ?? []].flat());
  const { contents } = await publishedPaths(
    repository,
    files.map(({ path }) => path),
    await publishedCommits(repository),
  );
  return files.some(({ path, entry }) => contents.get(path)?.has(entry.oid) === true);
}

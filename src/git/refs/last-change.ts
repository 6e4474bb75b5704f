import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * The commit in the history of another that changed one of these files last: full oids. Undefined
 * where there is none, and in a shallow clone, whose oldest commit seems to change everything.
 */
export async function lastChange(
  { git, shallow }: Repository,
  commit: string,
  ...paths: readonly RepoPath[]
): Promise<string | undefined> {
  if (shallow) return undefined;
  const { stdout } = await git.run([
    'log',
    '--max-count=1',
    '--format=%H',
    '--no-show-signature',
    commit,
    '--',
    ...paths.map(literally),
  ]);
  const oid = stdout.toString('utf8').trim();
  return oid === '' ? undefined : oid;
}

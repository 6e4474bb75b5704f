import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A commit: full oids. */
export interface Adding {
  readonly oid: string;
  readonly parents: readonly string[];
}

/**
 * The last commits in the history of another that added a file: `brought` along first parents (a
 * merge, with all that it brought), `made` the one that is no merge. Either may be missing.
 * @param tip full oid
 */
export async function addedBy(
  { git }: Repository,
  tip: string,
  path: RepoPath,
): Promise<{ readonly brought?: Adding; readonly made?: Adding }> {
  const last = async (...how: readonly string[]): Promise<Adding | undefined> => {
    const { stdout } = await git.run([
      'log',
      '--max-count=1',
      '--format=%H %P',
      '--no-show-signature',
      '--no-renames',
      '--diff-filter=A',
      ...how,
      tip,
      '--',
      literally(path),
    ]);
    const [oid = '', ...parents] = stdout.toString('utf8').trim().split(' ');
    return oid === '' ? undefined : { oid, parents: parents.filter((one) => one !== '') };
  };
  const [brought, made] = await Promise.all([last('--first-parent', '-m'), last('--no-merges')]);
  return {
    ...(brought === undefined ? {} : { brought }),
    ...(made === undefined ? {} : { made }),
  };
}

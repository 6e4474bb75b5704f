import type { Repository } from '../git/repository.ts';
import { resolveCommit } from '../git/trees/commit-tree.ts';
import { GuardError } from '../model/errors.ts';

/**
 * The commit to compare with. CI services name what a branch was before a push; after a forced push
 * that may be gone, and the next revision stands in for it, unless that is HEAD itself: then nothing
 * would be checked.
 * @throws GuardError `unknown-revision`.
 */
export async function baseOf(
  repository: Repository,
  bases: string | readonly string[],
): Promise<string> {
  const [first = '', ...others] = [bases].flat();
  try {
    return await resolveCommit(repository, first);
  } catch (error) {
    for (const other of others) {
      const oid = await resolveCommit(repository, other).catch(() => undefined);
      if (oid !== undefined && oid !== repository.head) return oid;
    }
    throw error;
  }
}

/** @throws GuardError `unknown-revision` before the first commit. */
export async function headOf({ head }: Repository): Promise<string> {
  if (head === undefined)
    throw new GuardError('unknown-revision', 'there is no commit yet', {
      help: ['To check what is staged: npx drizzle-guard check'],
    });
  return head;
}

import type { Repository } from '../repository.ts';
import { remoteBranches } from './remote-branches.ts';

/**
 * Which parents of a merge a long-lived branch of this clone has, where others are on none: without a
 * remote, such a branch stands for what others have. Nothing where that does not tell them apart.
 * @param parents full oids; @param merge full oid of the merge: a branch that has it says nothing.
 */
export async function trunkParents(
  repository: Repository,
  parents: readonly string[],
  merge?: string,
): Promise<readonly string[]> {
  const { trunks } = await remoteBranches(repository);
  const found = await parentsOn(trunks, repository, parents, merge);
  return found.length === parents.length ? [] : found;
}

/** The parents that one of the branches (full names) has, and not (yet) the merge. Full oids. */
export async function parentsOn(
  refs: readonly string[],
  repository: Repository,
  parents: readonly string[],
  merge?: string,
): Promise<readonly string[]> {
  const having = await Promise.all(parents.map((one) => isOn(refs, repository, one, merge)));
  return parents.filter((_, at) => having[at]);
}

/** Whether one of the branches (full names) has a commit, and not (yet) the other. Full oids. */
export async function isOn(
  refs: readonly string[],
  { git }: Repository,
  oid: string,
  without: string | undefined,
): Promise<boolean> {
  if (refs.length === 0) return false;
  const { stdout } = await git.run([
    'for-each-ref',
    '--count=1',
    `--contains=${oid}`,
    ...(without === undefined ? [] : [`--no-contains=${without}`]),
    ...refs,
  ]);
  return stdout.length > 0;
}

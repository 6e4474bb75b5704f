import type { Repository } from '../repository.ts';

/**
 * The merge base of two commits (full oids); undefined where they have none, or a shallow history
 * hides it.
 */
export async function mergeBase(
  { git }: Repository,
  one: string,
  other: string,
): Promise<string | undefined> {
  // A push of very many tags asks this for each.
  if (one === other) return one;
  const { stdout, exitCode } = await git.run(['merge-base', one, other], { ok: [0, 1] });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

import type { Git } from '../git.ts';
import type { Repository } from '../repository.ts';

const known = new WeakMap<Git, Map<string, Promise<string | undefined>>>();

/**
 * The merge base of two commits (full oids); undefined where they have none, or a shallow history
 * hides it. Each two are asked for once.
 */
export async function mergeBase(
  { git }: Repository,
  one: string,
  other: string,
): Promise<string | undefined> {
  // A push of very many tags asks this for each.
  if (one === other) return one;
  const asked = known.get(git) ?? new Map<string, Promise<string | undefined>>();
  known.set(git, asked);
  const question = `${one} ${other}`;
  const answer = asked.get(question) ?? ask(git, one, other);
  asked.set(question, answer);
  return answer;
}

async function ask(git: Git, one: string, other: string): Promise<string | undefined> {
  const { stdout, exitCode } = await git.run(['merge-base', one, other], { ok: [0, 1] });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

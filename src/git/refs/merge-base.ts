import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../git.ts';
import type { Repository } from '../repository.ts';
import { keptAnswers } from './kept-answers.ts';

const known = new WeakMap<Git, Map<string, Promise<string | undefined>>>();

/**
 * The nearest commit that one has in common with any of the others (full oids); undefined where
 * there is none, or a shallow history hides it. Each is asked for once.
 * @throws GuardError `git-failed` where a commit is missing.
 */
export async function mergeBase(
  repository: Repository,
  one: string,
  ...others: readonly string[]
): Promise<string | undefined> {
  // A push of very many tags asks this for each.
  if (others.includes(one)) return one;
  const { git } = repository;
  const asked = known.get(git) ?? new Map<string, Promise<string | undefined>>();
  known.set(git, asked);
  const commits = [one, ...others].join(' ');
  const answer = asked.get(commits) ?? find(repository, commits);
  asked.set(commits, answer);
  return answer;
}

async function find(repository: Repository, commits: string): Promise<string | undefined> {
  const { git } = repository;
  // Commits never change, nor do their merge bases.
  const kept = isWhole(repository) ? keptAnswers(repository) : undefined;
  const question = `merge-base ${commits}`;
  const before = kept?.get(question);
  if (before !== undefined && /^[\da-f]{40,64}$/.test(before)) return before;
  const { stdout, exitCode } = await git.run(['merge-base', ...commits.split(' ')], { ok: [0, 1] });
  if (exitCode !== 0) return undefined;
  const base = stdout.toString('utf8').trim();
  kept?.set(question, base);
  return base;
}

/** Whether commits have the parents that they were recorded with (`commit.c`: grafts). */
function isWhole({ shallow, commonDir, git }: Repository): boolean {
  return (
    !shallow &&
    git.env['GIT_GRAFT_FILE'] === undefined &&
    !existsSync(join(commonDir, 'info', 'grafts'))
  );
}

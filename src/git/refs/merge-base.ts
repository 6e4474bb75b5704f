import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../git.ts';
import type { Repository } from '../repository.ts';

/** Merge bases that earlier runs found, by the commits. */
export interface MergeBases {
  get(commits: string): string | undefined;
  set(commits: string, base: string): void;
}

const known = new WeakMap<Git, Map<string, Promise<string | undefined>>>();
const kept = new WeakMap<Git, MergeBases>();

/** Commits never change, nor do their merge bases: what is kept saves a git process. */
export function keepMergeBases({ git }: Repository, memory: MergeBases): void {
  kept.set(git, memory);
}

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
  const memory = isWhole(repository) ? kept.get(git) : undefined;
  const before = memory?.get(commits);
  if (before !== undefined) return before;
  const { stdout, exitCode } = await git.run(['merge-base', ...commits.split(' ')], { ok: [0, 1] });
  if (exitCode !== 0) return undefined;
  const base = stdout.toString('utf8').trim();
  memory?.set(commits, base);
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

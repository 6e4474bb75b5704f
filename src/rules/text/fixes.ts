import type { Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { shellPath } from '../../model/shell-quote.ts';

/** Restores files in the index and in the working tree, as a revision has them. */
export function restore(text: string, paths: readonly RepoPath[], rev = 'HEAD'): Fix {
  return {
    text,
    run: `git restore --source=${rev} --staged --worktree -- ${paths.map(shellPath).join(' ')}`,
  };
}

/** Stages files that exist. */
export function stage(text: string, paths: readonly RepoPath[]): Fix {
  return { text, run: `git add -- ${paths.map(shellPath).join(' ')}` };
}

/** Removes files from the index and the working tree. */
export function remove(text: string, paths: readonly RepoPath[]): Fix {
  return { text, run: `git rm -f -- ${paths.map(shellPath).join(' ')}` };
}

/** An exact edit of the journal, for which no command exists. */
export function setInJournal(
  journal: RepoPath,
  tag: string,
  field: string,
  value: number | string,
): string {
  return `in ${journal} set "${field}" of ${tag} to ${typeof value === 'number' ? value : JSON.stringify(value)}`;
}

import type { RepoPath } from '../model/repo-path.ts';
import { pathspec } from '../model/shell-quote.ts';
import type { NamedCommit } from './outcome.ts';

/** The command that restores a file as it was before a commit; works from any folder. */
export function restoreCommand({ commit }: NamedCommit, path: RepoPath): string {
  return `git restore --source=${commit.slice(0, 12)}~1 --staged --worktree -- ${pathspec(path)}`;
}

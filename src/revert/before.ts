import { GuardError } from '../model/errors.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { Repository } from '../git/repository.ts';
import { joining } from '../git/worktree/joining.ts';
import { readStatus } from '../git/worktree/status.ts';
import { underWay } from '../git/worktree/under-way.ts';
import { unstagedFrom } from '../git/worktree/unstaged.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { pathspec } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';

/** @throws GuardError `usage` in the middle of a merge or the like, and before the first commit. */
export async function assertIdle(repository: Repository): Promise<void> {
  if (repository.head === undefined)
    throw new GuardError('usage', 'there is no commit yet', { help: ['Commit first.'] });
  const doing = (await joining(repository, false))?.kind ?? underWay(repository);
  if (doing === undefined || doing === 'bisect') return;
  const command = doing === 'octopus' ? 'merge' : doing;
  throw new GuardError('usage', `git is in the middle of a ${command}`, {
    help: [`Finish it: git ${command} --continue`, `Or give it up: git ${command} --abort`],
  });
}

/**
 * The new migration is about what HEAD has: what is staged of the schema or the migrations belongs
 * into a commit of its own.
 * @param changed how the index differs from HEAD
 * @throws GuardError `usage`.
 */
export function assertUnstaged(
  changed: readonly ChangedPath[],
  matters: (path: RepoPath) => boolean,
): void {
  const staged = changed.map(({ path }) => path).filter(matters);
  if (staged.length === 0) return;
  throw new GuardError('usage', `${some(staged)} is staged and not committed`, {
    help: [
      'Commit it first: git commit',
      `Or unstage it: git restore --staged -- ${staged.slice(0, 5).map(pathspec).join(' ')}`,
    ],
  });
}

/** @throws GuardError `usage` for files to be written whose content nothing else has. */
export async function assertClean(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<void> {
  if (paths.length === 0) return;
  const files = await unstagedFrom(repository, await readStatus(repository, paths, 'each'));
  const own = files.map(({ path }) => path).filter((path) => paths.includes(path));
  if (own.length === 0) return;
  throw new GuardError('usage', `${some(own)} has changes that no commit has`, {
    help: [
      'They would be lost. Put them aside: git stash push --include-untracked -- ' +
        own.slice(0, 5).map(pathspec).join(' '),
    ],
  });
}

function some(paths: readonly RepoPath[]): string {
  const { length } = paths;
  return length > 5 ? `${paths.slice(0, 5).join(', ')} and ${length - 5} more` : listed(paths);
}

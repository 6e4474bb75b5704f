import { GuardError } from '../model/errors.ts';
import type { Migration } from '../history/history.ts';
import { pathspec, shellWord } from '../model/shell-quote.ts';
import type { Project } from '../project/project.ts';

/**
 * Says how a migration goes back that is in a submodule: the guard writes in its own repository
 * alone.
 * @param commits what goes back there, as `git revert` takes it; by default what added the migration
 */
export function goesBackInSubmodule(
  { name, sqlPath, sql }: Migration,
  { project: { out }, generate }: { readonly project: Project; readonly generate: string },
  commits?: string,
): GuardError {
  const submodule = sql?.entry.submodule ?? '';
  const within = (path: string): string => pathspec(path.slice(submodule.length + 1));
  const there = (command: string): string =>
    `( cd ./$(git rev-parse --show-cdup)${shellWord(submodule)} && ${command} )`;
  const what = commits ?? `"$(git log -1 --diff-filter=A --format=%h -- ${within(sqlPath)})"`;
  return new GuardError('usage', `${sqlPath} is in a submodule`, {
    help: [
      'Take it back there. Its migration stays, and a new one goes back:',
      there(
        `git revert --no-commit ${what} && ` +
          `git restore --source=HEAD --staged --worktree -- ${within(out)}`,
      ),
      generate,
      there(`git add ${within(out)} && git commit --message ${shellWord(`Take ${name} back`)}`),
      `git add ${pathspec(submodule)}`,
      'If the schema is not in the submodule, take it back here before you generate.',
    ],
  });
}

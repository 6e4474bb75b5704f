import { type RepoPath, relativeTo } from '../../model/repo-path.ts';
import type { PackageFile } from './package-file.ts';
import type { PackageManager } from './package-manager.ts';
import { shellWord } from '../../model/shell-quote.ts';

/**
 * The command with which a package manager runs a package's script, from the top of the repository.
 * @param args arguments for the script, already quoted; '' for none
 * @param workspace the root of the package's workspace; undefined where it has none
 */
export function scriptLine(
  manager: PackageManager,
  file: PackageFile,
  script: string,
  args: string,
  workspace: RepoPath | undefined,
): string {
  const call = `${shellWord(script)}${args === '' ? '' : manager === 'npm' ? ` -- ${args}` : ` ${args}`}`;
  const run = manager === 'npm' || manager === 'bun' || OWN_COMMANDS.test(script) ? 'run ' : '';
  // Yarn names a member by its package name only.
  if (workspace === undefined || (manager === 'yarn' && file.name === undefined))
    return inFolder(file.folder, `${manager} ${run}${call}`);
  const member = shellWord(relativeTo(workspace, file.folder));
  switch (manager) {
    case 'npm':
      return inFolder(
        workspace,
        `npm run ${shellWord(script)} -w ${member}${call.slice(shellWord(script).length)}`,
      );
    case 'bun':
      return inFolder(workspace, `bun run --cwd ${member} ${call}`);
    case 'pnpm':
      return inFolder(
        workspace,
        `pnpm --filter ${file.name === undefined ? `./${member}` : shellWord(file.name)} ${run}${call}`,
      );
    case 'yarn':
      return inFolder(workspace, `yarn workspace ${shellWord(file.name!)} ${run}${call}`);
  }
}

/** Names of the managers' own commands that a script may have too. */
const OWN_COMMANDS =
  /^(add|audit|build|check|config|create|deploy|dev|doctor|exec|import|init|install|link|list|make|patch|prepare|rebuild|setup|test|update|up|upgrade|version)$/;

/** A command that runs in a folder, from the top of the repository. */
export function inFolder(folder: RepoPath, command: string): string {
  return folder === '' ? command : `cd ${shellWord(folder)} && ${command}`;
}

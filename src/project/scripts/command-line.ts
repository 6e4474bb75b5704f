import { type RepoPath, relativeTo } from '../../model/repo-path.ts';
import { isDenoConfig } from './deno-tasks.ts';
import type { PackageFile } from './package-file.ts';
import type { PackageManager } from './package-manager.ts';
import { shellWord } from '../../model/shell-quote.ts';

/** Where a package manager finds a package, from any folder of the repository. */
interface Surroundings {
  /** The root of the package's workspace; undefined where it has none. */
  readonly workspace: RepoPath | undefined;
  /** Whether the repository has packages below its top: a manager takes the nearest one. */
  readonly nested: boolean;
}

/**
 * The command with which a package manager runs a package's script, from any folder of the
 * repository.
 * @param args arguments for the script, already quoted; '' for none
 */
export function scriptLine(
  manager: PackageManager,
  file: PackageFile,
  script: string,
  args: string,
  { workspace, nested }: Surroundings,
): string {
  const call = `${shellWord(script)}${args === '' ? '' : manager === 'npm' ? ` -- ${args}` : ` ${args}`}`;
  if (isDenoConfig(file.path))
    return inPackage(
      file.folder,
      `deno task ${shellWord(script)}${args === '' ? '' : ` ${args}`}`,
      nested,
    );
  const run = manager === 'npm' || manager === 'bun' || OWN_COMMANDS.test(script) ? 'run ' : '';
  // Yarn names a member by its package name only.
  if (workspace === undefined || (manager === 'yarn' && file.name === undefined))
    return inPackage(file.folder, `${manager} ${run}${call}`, nested);
  const member = shellWord(relativeTo(workspace, file.folder));
  const filter = file.name === undefined ? `./${member}` : shellWord(file.name);
  switch (manager) {
    case 'npm':
      return inFolder(
        workspace,
        `npm run ${shellWord(script)} -w ${member}${call.slice(shellWord(script).length)}`,
      );
    case 'bun':
      return inFolder(workspace, `bun run --cwd ${member} ${call}`);
    case 'pnpm':
      return file.name === undefined || workspace !== ''
        ? inFolder(workspace, `pnpm --filter ${filter} ${run}${call}`)
        : `pnpm --filter ${filter} ${run}${call}`;
    case 'yarn':
      return inFolder(workspace, `yarn workspace ${shellWord(file.name!)} ${run}${call}`);
  }
}

/** Names of the managers' own commands that a script may have too. */
const OWN_COMMANDS =
  /^(add|audit|build|check|config|create|deploy|dev|doctor|exec|import|init|install|link|list|make|patch|prepare|rebuild|setup|test|update|up|upgrade|version)$/;

/** A package manager's command: in the only package of a repository it works from any folder. */
export function inPackage(folder: RepoPath, command: string, nested: boolean): string {
  return folder === '' && !nested ? command : inFolder(folder, command);
}

/** Whether a tree has a package below its top. */
export function hasNestedPackages(paths: Iterable<RepoPath>): boolean {
  for (const path of paths) if (path.endsWith('/package.json')) return true;
  return false;
}

/**
 * A command that runs in a folder of the repository, whatever folder of it is pasted in:
 * `--show-cdup` is the way up to the top, `../` for each folder.
 */
export function inFolder(folder: RepoPath, command: string): string {
  return `( cd ./$(git rev-parse --show-cdup)${folder === '' ? '' : shellWord(folder)} && ${command} )`;
}

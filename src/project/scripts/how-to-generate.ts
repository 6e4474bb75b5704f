import { readText, type Tree } from '../../git/trees/tree.ts';
import {
  type RepoPath,
  folderOf,
  inside,
  relativeTo,
  under,
  upwards,
} from '../../model/repo-path.ts';
import { hasNestedPackages, inFolder, inPackage, scriptLine } from './command-line.ts';
import { parseDenoTasks } from './deno-tasks.ts';
import { DEFAULT_CONFIGS } from '../config/config-names.ts';
import { settingsOf } from '../kit-environment.ts';
import { parsePackage, type PackageFile } from './package-file.ts';
import { packageManagerOf, type PackageManager } from './package-manager.ts';
import type { Project } from '../project.ts';
import { generates, scriptCallsOf, type ScriptCall } from './script-calls.ts';
import { workspaceOf } from './workspaces.ts';
import { shellWord } from '../../model/shell-quote.ts';

/** The project's own commands, to be pasted. All work from any folder of the repository. */
export interface HowToGenerate {
  /** "pnpm db:generate", "( cd ./$(git rev-parse --show-cdup)db && npx drizzle-kit generate )" */
  readonly generate: string;
  /** The same for `drizzle-kit generate --custom --name hand_written`. */
  readonly generateCustom: string;
  /** "( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit up )" */
  readonly up: string;
  /** "npm install", "pnpm install", ... */
  readonly install: string;
  /** A command that the script runs drizzle-kit under, and that may set variables: `doppler run --`. */
  readonly under?: string;
}

/** With a real name: a command has to work as it is pasted. */
const CUSTOM = '--custom --name hand_written';

/**
 * The commands that a developer of this project would type: the script that runs `drizzle-kit
 * generate` for this config, through its package manager, or drizzle-kit itself in the project's
 * base folder.
 */
export async function howToGenerate(tree: Tree, project: Project): Promise<HowToGenerate> {
  const entries = await tree.entries();
  const isFile = (path: RepoPath): boolean => entries.has(path);
  const { packages, tasks, pnpmFiles } = await packagesAbove(tree, project, isFile);
  const { manager, folder: managed } = packageManagerOf(project.base, packages, isFile);
  const nested = hasNestedPackages(entries.keys());
  const calls = generating(project, [...packages.values(), ...tasks], isFile);
  const script = calls[0];
  const withCustom = calls.find(({ call }) => call.takesArguments);
  const bare =
    project.generate === undefined
      ? bareCall(project, 'generate', manager, isFile)
      : inFolder('', project.generate);
  const scriptCall = async (it: ScriptCall, args: string): Promise<string> => {
    const workspace = await workspaceOf(it.package.folder, packages, pnpmFiles);
    return scriptLine(manager, it.package, it.script, args, {
      workspace: workspace?.root,
      nested,
    });
  };
  return {
    generate: script === undefined ? bare : await scriptCall(script, ''),
    generateCustom:
      withCustom === undefined
        ? bareCall(project, `generate ${CUSTOM}`, manager, isFile)
        : await scriptCall(withCustom, CUSTOM),
    up: bareCall(project, 'up', manager, isFile),
    install: inPackage(managed, `${manager} install`, nested),
    ...(script?.call.under === undefined ? {} : { under: script.call.under }),
  };
}

/**
 * The command that installs a folder's dependencies: "npm install", from any folder.
 */
export async function installCommand(tree: Tree, folder: RepoPath): Promise<string> {
  const entries = await tree.entries();
  const isFile = (path: RepoPath): boolean => entries.has(path);
  const { packages } = await packagesAbove(
    tree,
    { base: folder, config: inside(folder, 'package.json') },
    isFile,
  );
  const { manager, folder: managed } = packageManagerOf(folder, packages, isFile);
  return inPackage(managed, `${manager} install`, hasNestedPackages(entries.keys()));
}

/**
 * The scripts that generate for this project's config and do nothing else that matters, the best
 * first.
 */
function generating(
  project: Project,
  files: readonly PackageFile[],
  isFile: (path: RepoPath) => boolean,
): ScriptCall[] {
  const calls = files.flatMap((file) => scriptCallsOf(file, isFile));
  const score = ({ package: file, script, call }: ScriptCall): number =>
    (call.takesArguments ? 4 : 0) +
    (/generate/.test(script) ? 2 : 0) +
    (file.folder === project.base ? 1 : 0);
  return calls
    .filter((one) => isOf(one, project) && generates(one) && !one.call.custom)
    .filter((one) => generatesOnly(one, calls))
    .sort((a, b) => score(b) - score(a));
}

/** Whether a script runs drizzle-kit as the project is run: with its config, folder and environment. */
function isOf(
  { config, folder, environment, call: { options } }: ScriptCall,
  project: Pick<Project, 'config' | 'base' | 'out' | 'environment' | 'withoutConfig'>,
): boolean {
  return (
    config === project.config &&
    folder === project.base &&
    (options === undefined
      ? project.withoutConfig === undefined
      : under(folder, options['out'] ?? 'drizzle') === project.out) &&
    settingsOf(environment) === settingsOf(project.environment)
  );
}

/**
 * Not `rm -rf drizzle && drizzle-kit generate`, not `drizzle-kit generate && next dev`: no fix
 * should paste these.
 */
function generatesOnly(
  { package: file, script, call }: ScriptCall,
  calls: readonly ScriptCall[],
): boolean {
  const more =
    /(^|[\s"'&|;])(rm|rimraf|del|del-cli|git)\s/.test(file.scripts.get(script) ?? '') ||
    calls.some(
      (other) =>
        other.package === file &&
        other.script === script &&
        /^(?:drop|push|migrate|check)$/.test(other.call.command),
    );
  return !more && (call.last || /gen/.test(script));
}

/**
 * The package.json and pnpm-workspace.yaml files from the project's base and from its config
 * upwards, by folder.
 */
export async function packagesAbove(
  tree: Tree,
  { base, config }: Pick<Project, 'base' | 'config'>,
  isFile: (path: RepoPath) => boolean,
): Promise<{
  packages: ReadonlyMap<RepoPath, PackageFile>;
  /** The tasks of the deno configs there. */
  tasks: readonly PackageFile[];
  pnpmFiles: ReadonlyMap<RepoPath, string>;
}> {
  const folders = [...new Set([...upwards(base), ...upwards(folderOf(config))])];
  const denos = folders
    .flatMap((folder) => [inside(folder, 'deno.json'), inside(folder, 'deno.jsonc')])
    .filter(isFile);
  const bytes = await tree.read([
    ...folders.map((folder) => inside(folder, 'package.json')).filter(isFile),
    ...denos,
  ]);
  const packages = new Map<RepoPath, PackageFile>();
  const pnpmFiles = new Map<RepoPath, string>();
  for (const folder of folders) {
    const path = inside(folder, 'package.json');
    const content = bytes.get(path);
    const file = content === undefined ? undefined : parsePackage(path, content);
    if (file !== undefined) packages.set(folder, file);
    const pnpm = inside(folder, 'pnpm-workspace.yaml');
    if (isFile(pnpm)) pnpmFiles.set(folder, (await readText(tree, pnpm)) ?? '');
  }
  const tasks = await Promise.all(
    denos.map(async (path) => {
      const content = bytes.get(path);
      return content === undefined ? undefined : parseDenoTasks(path, content);
    }),
  );
  return { packages, tasks: tasks.filter((file) => file !== undefined), pnpmFiles };
}

/**
 * drizzle-kit itself; without `--config` where it finds this config anyway, with the options where
 * there is no config.
 */
export function bareCall(
  project: Pick<Project, 'base' | 'config'> & Partial<Project>,
  command: string,
  manager: PackageManager,
  isFile: (path: RepoPath) => boolean,
): string {
  const runner = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }[manager];
  const config = relativeTo(project.base, project.config);
  if (project.withoutConfig === true)
    return inFolder(project.base, `${runner} drizzle-kit ${command}${optionsOf(project)}`);
  const isDefault = DEFAULT_CONFIGS.find((name) => isFile(inside(project.base, name))) === config;
  return inFolder(
    project.base,
    `${runner} drizzle-kit ${command}${isDefault ? '' : ` --config=${shellWord(config)}`}`,
  );
}

function optionsOf({
  base = '',
  dialect,
  schema = [],
  out = '',
  casing,
  driver,
  breakpoints,
  prefix,
}: Partial<Project>): string {
  const options = {
    dialect,
    schema: schema[0],
    out: relativeTo(base, out),
    casing,
    driver,
    breakpoints: breakpoints === false ? 'false' : undefined,
    prefix: prefix === 'index' ? undefined : prefix,
  };
  return Object.entries(options)
    .map(([name, value]) => (value === undefined ? '' : ` --${name}=${shellWord(value)}`))
    .join('');
}

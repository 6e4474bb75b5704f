import { readText, type Tree } from '../../git/trees/tree.ts';
import { type RepoPath, inside, upwards } from '../../model/repo-path.ts';
import type { Command } from '../../hooks/hook-manager.ts';
import { parsePackage, type PackageFile } from '../../project/scripts/package-file.ts';
import {
  LOCK_FILES,
  packageManagerOf,
  type PackageManager,
} from '../../project/scripts/package-manager.ts';
import { isRecord, jsonRecord } from '../../model/unknown.ts';

export const OWN_NAME = 'drizzle-guard';

/** A package.json with all that decides how something is added to it. */
export interface Packages {
  /** Its folder. */
  readonly folder: RepoPath;
  readonly manager: PackageManager;
  /** What the `packageManager` field pins, without the hash. */
  readonly managerVersion?: string;
  /** Where the lock file is, or would be. */
  readonly managed: RepoPath;
  readonly lockFile?: RepoPath;
  /** pnpm's `lockfileVersion`. */
  readonly lockVersion?: string;
  readonly classicYarn: boolean;
  /** The root of a workspace: pnpm and classic yarn add to it only with a flag. */
  readonly workspaceRoot: boolean;
  /** The guard's own repository. */
  readonly isGuard: boolean;
}

/** How the package.json of a folder is managed. */
export async function readPackages(tree: Tree, folder: RepoPath): Promise<Packages> {
  const entries = await tree.entries();
  const isFile = (path: RepoPath): boolean => entries.has(path);
  const packages = await packagesUpwards(tree, folder);
  const { manager, folder: managed } = packageManagerOf(folder, packages, isFile);
  const lockFile = LOCK_FILES.map(([name, writer]) =>
    writer === manager ? inside(managed, name) : '',
  ).find(isFile);
  const pinned = upwards(folder)
    .map((at) => packages.get(at)?.packageManager)
    .find((field) => field?.startsWith(`${manager}@`));
  const managerVersion = pinned?.slice(manager.length + 1).split('+')[0];
  const lock =
    lockFile === undefined || manager === 'npm' || manager === 'bun'
      ? undefined
      : await readText(tree, lockFile);
  const lockVersion =
    manager === 'pnpm' ? /^lockfileVersion:\s*'?([\d.]+)/m.exec(lock ?? '')?.[1] : undefined;
  return {
    folder,
    manager,
    managed,
    ...(managerVersion === undefined ? {} : { managerVersion }),
    ...(lockFile === undefined ? {} : { lockFile }),
    ...(lockVersion === undefined ? {} : { lockVersion }),
    classicYarn:
      manager === 'yarn' &&
      (managerVersion?.startsWith('1.') ??
        (lock === undefined
          ? !isFile(inside(managed, '.yarnrc.yml'))
          : lock.includes('# yarn lockfile v1'))),
    workspaceRoot:
      packages.get(folder)?.workspaces !== undefined ||
      isFile(inside(folder, 'pnpm-workspace.yaml')),
    isGuard: packages.get(folder)?.name === OWN_NAME,
  };
}

async function packagesUpwards(
  tree: Tree,
  folder: RepoPath,
): Promise<ReadonlyMap<RepoPath, PackageFile>> {
  const entries = await tree.entries();
  const paths = upwards(folder)
    .map((at) => inside(at, 'package.json'))
    .filter((path) => entries.has(path));
  const files = [...(await tree.read(paths))].flatMap(
    ([path, bytes]) => parsePackage(path, bytes) ?? [],
  );
  return new Map(files.map((file) => [file.folder, file]));
}

/** The names that a package.json's text depends on, in whatever way; none where it is not JSON. */
export function dependencyNames(text: string | undefined): ReadonlySet<string> {
  const json = jsonRecord(text) ?? {};
  return new Set(
    ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      isRecord(json[kind]) ? Object.keys(json[kind]) : [],
    ),
  );
}

/** The command that adds development dependencies. */
export function addCommand(packages: Packages, names: readonly string[], why: string): Command {
  const add = {
    npm: ['install', '--save-dev'],
    pnpm: ['add', '-D'],
    yarn: ['add', '-D'],
    bun: ['add', '-d'],
  }[packages.manager];
  return command(packages, add, names, why);
}

/** The command that takes dependencies out again. */
export function removeCommand(packages: Packages, names: readonly string[], why: string): Command {
  const remove = {
    npm: ['uninstall', '--save-dev'],
    pnpm: ['remove'],
    yarn: ['remove'],
    bun: ['remove'],
  }[packages.manager];
  return command(packages, remove, names, why);
}

function command(
  packages: Packages,
  verb: readonly string[],
  names: readonly string[],
  why: string,
): Command {
  const { manager, folder } = packages;
  return {
    program: manager,
    args: [...verb, ...rootMeant(packages), ...names],
    why,
    ...(folder === '' ? {} : { folder }),
  };
}

/**
 * Both refuse to change a workspace's root unless that is said (pnpm: `ERR_PNPM_ADDING_TO_ROOT`);
 * newer yarns do not know the option.
 */
function rootMeant({ manager, workspaceRoot, classicYarn }: Packages): readonly string[] {
  if (!workspaceRoot) return [];
  return manager === 'pnpm' ? ['-w'] : manager === 'yarn' && classicYarn ? ['-W'] : [];
}

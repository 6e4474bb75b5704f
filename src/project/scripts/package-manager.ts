import { type RepoPath, inside, upwards } from '../../model/repo-path.ts';
import type { PackageFile } from './package-file.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/**
 * Lock files and the manager that writes each; where a folder has several, the first of this list
 * counts.
 */
export const LOCK_FILES: readonly (readonly [name: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** A manager, and the folder that names it: where its `install` runs. */
interface ManagedFrom {
  readonly manager: PackageManager;
  readonly folder: RepoPath;
}

/**
 * The package manager of a folder: the nearest `packageManager` field or lock file, upwards to the
 * top; npm when there is neither (installed at the nearest package.json).
 * @param packages the package.json files from `folder` upwards, by folder
 */
export function packageManagerOf(
  folder: RepoPath,
  packages: ReadonlyMap<RepoPath, PackageFile>,
  isFile: (path: RepoPath) => boolean,
): ManagedFrom {
  const folders = upwards(folder);
  for (const at of folders) {
    const manager =
      named(packages.get(at)?.packageManager) ??
      LOCK_FILES.find(([name]) => isFile(inside(at, name)))?.[1];
    if (manager !== undefined) return { manager, folder: at };
  }
  return { manager: 'npm', folder: folders.find((at) => packages.has(at)) ?? '' };
}

/** `pnpm@9.1.0+sha512...` */
function named(field: string | undefined): PackageManager | undefined {
  const name = field?.split('@')[0];
  return (['npm', 'pnpm', 'yarn', 'bun'] as const).find((manager) => manager === name);
}

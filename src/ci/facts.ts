import type { RepoPath } from '../model/repo-path.ts';
import type { PackageManager } from '../project/scripts/package-manager.ts';

/**
 * What a pipeline must know of a project to install it and to call the guard. All paths are
 * repository paths.
 */
export interface CiFacts {
  readonly manager: PackageManager;
  /** The version that the `packageManager` field pins: "9.1.0", without its hash. */
  readonly managerVersion?: string;
  /** Yarn before version 2: another lock file, other options. */
  readonly classicYarn: boolean;
  /** pnpm's `lockfileVersion`: "9.0". */
  readonly lockVersion?: string;
  /** Where the install is run; '' for the top. */
  readonly folder: RepoPath;
  /** The lock file; undefined where none is recorded. */
  readonly lockFile?: RepoPath;
  readonly node: NodeChoice;
  /** How the guard is called at the top: "npx guard", without the command. */
  readonly guard: string;
}

/** The Node that a pipeline takes. */
export interface NodeChoice {
  /**
   * `.nvmrc`, `.node-version` or a package.json with `engines.node`: what actions/setup-node reads.
   */
  readonly file?: RepoPath;
  /** For an image's tag, and where there is no file: "22", "20.19.1", "lts". */
  readonly version: string;
}

/** The command that installs exactly what the lock file names. */
export function installLine({ manager, classicYarn, lockFile }: CiFacts): string {
  if (lockFile === undefined) return `${manager} install`;
  switch (manager) {
    case 'npm':
      return 'npm ci';
    case 'yarn':
      return classicYarn ? 'yarn install --frozen-lockfile' : 'yarn install --immutable';
    default:
      return `${manager} install --frozen-lockfile`;
  }
}

/**
 * The pnpm to take where no `packageManager` field pins one: the newest major that writes this lock
 * file (pnpm's own table: lockfileVersion 9.0 since pnpm 9, 6.0 with pnpm 8, 5.4 with pnpm 7).
 */
export function pnpmVersion({ managerVersion, lockVersion }: CiFacts): string {
  if (managerVersion !== undefined) return managerVersion;
  const major = Number.parseInt(lockVersion ?? '', 10);
  return major === 6 ? '8' : major === 5 ? '7' : '10';
}

import type { Dialect } from '../model/dialect.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { KitEnvironment } from './kit-environment.ts';

/** drizzle-kit's `migrations.prefix`: how the file names of a migration begin. */
export const PREFIXES = ['index', 'timestamp', 'supabase', 'unix', 'none'] as const;
export type Prefix = (typeof PREFIXES)[number];

interface Named {
  /** Path of the config; without one, of the file that has its options. */
  readonly config: RepoPath;
  /**
   * The project's name in findings: the path of its config, and what distinguishes it from others
   * with the same one.
   */
  readonly name: string;
}

/**
 * One drizzle config in a tree, with the environment that a script gives it. All paths are
 * repository paths.
 */
export interface Project extends Named {
  /**
   * Other configs that write into the same `out`: one history.
   */
  readonly alsoConfigs: readonly RepoPath[];
  /** Those of them that drizzle-kit would generate something else from; missing where all agree. */
  readonly twins?: readonly Project[];
  readonly dialect: Dialect;
  /** The schema patterns, as the config has them. */
  readonly schema: readonly string[];
  /**
   * The files that the patterns match in this tree, in drizzle-kit's order. Empty when nothing
   * matches.
   */
  readonly schemaFiles: readonly RepoPath[];
  /**
   * The folder that drizzle-kit is run from, '' for the top: `schema` and `out` are relative to it.
   */
  readonly base: RepoPath;
  /** What the script that runs drizzle-kit sets for it; missing where it sets nothing. */
  readonly environment?: KitEnvironment;
  /** Variables that are not set here, may be set by the script, and make it another project. */
  readonly open?: readonly string[];
  /** There is no config: the options stand in a script or in the guard's own config. */
  readonly withoutConfig?: true;
  /** Scripts run `drizzle-kit push` for it, and none generates or applies migrations. */
  readonly pushed?: true;
  /** The command that generates its migrations, where the guard's own config names one. */
  readonly generate?: string;
  /** The migrations folder. */
  readonly out: RepoPath;
  readonly casing?: 'snake_case' | 'camelCase';
  readonly driver?: string;
  readonly breakpoints: boolean;
  readonly prefix: Prefix;
  /** `migrations.table` and `.schema` of the config: where the migrator keeps what it applied. */
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
  /** Read from its literals, or by evaluating it. */
  readonly readAs: 'literals' | 'evaluated';
  /**
   * Repository paths that evaluating the configs read, or looked for and did not find; missing
   * where there are none.
   */
  readonly configReads?: readonly RepoPath[];
  /**
   * Symlinks on the way to the config, the schema files and `out`, and where they lead; missing
   * where there are none.
   */
  readonly linked?: readonly RepoPath[];
  /**
   * Why not all of it is known, where only evaluating the config could answer: `schema` is empty
   * then.
   */
  readonly unread?: string;
}

/** A config that only evaluating could read, where nothing is evaluated. */
export interface NotRunProject extends Named {
  /** What of it is computed, one line. */
  readonly why: string;
}

/**
 * A config without `schema`: it serves `migrate`, `studio`, `push` or `pull`, and generates nothing.
 */
export interface WithoutSchema extends Named {
  readonly out: RepoPath;
  /** It has migrations, and not only the one that `drizzle-kit pull` writes. */
  readonly hasHistory: boolean;
  readonly configReads?: readonly RepoPath[];
}

/** A config that exists and cannot be read. */
export interface UnreadableProject extends Named {
  /** What went wrong, one line. */
  readonly message: string;
  readonly line?: number;
  readonly detail?: string;
  /** The reason is that this clone does not have this submodule. */
  readonly submodule?: RepoPath;
  /** Variables that are not set: with them it can perhaps be read. */
  readonly unset?: readonly string[];
  /** As in `Project`. */
  readonly configReads?: readonly RepoPath[];
}

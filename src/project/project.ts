import type { Dialect } from '../model/dialect.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { KitEnvironment } from './kit-environment.ts';

/** drizzle-kit's `migrations.prefix`: how the file names of a migration begin. */
export const PREFIXES = ['index', 'timestamp', 'supabase', 'unix', 'none'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** One drizzle config in a tree. All paths are repository paths. */
export interface Project {
  /** Path of the config; also the project's name in findings. */
  readonly config: RepoPath;
  /**
   * Other configs that write into the same `out`: one history, judged with this project's schema.
   */
  readonly alsoConfigs: readonly RepoPath[];
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
  /** The migrations folder. */
  readonly out: RepoPath;
  readonly casing?: 'snake_case' | 'camelCase';
  readonly driver?: string;
  readonly breakpoints: boolean;
  readonly prefix: Prefix;
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
export interface NotRunProject {
  readonly config: RepoPath;
  /** What of it is computed, one line. */
  readonly why: string;
}

/** A config that exists and cannot be read. */
export interface UnreadableProject {
  readonly config: RepoPath;
  /** What went wrong, one line. */
  readonly message: string;
  readonly line?: number;
  readonly detail?: string;
}

import type { RepoPath } from '../model/repo-path.ts';

/**
 * What a script gives the drizzle-kit that it runs, besides the variables that are set anyway. The
 * values may be secrets: they reach no output.
 */
export interface KitEnvironment {
  /**
   * Variables, in the order in which they are set. A value may name others, as a shell expands
   * them: `$NAME`.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** What is taken away before: `env -u NAME`, `unset NAME`; `*` for all, `env -i`. */
  readonly unset?: readonly string[];
  /** The command that it is run under and that may set anything: `doppler run --`. */
  readonly under?: string | undefined;
  /** What npm says of the script: `npm_lifecycle_event`, `npm_package_name`. */
  readonly npm?: Readonly<Record<string, string>>;
  /**
   * Files of variables that are loaded first (`dotenv -e .env.local`), there or not. The first that
   * sets a variable decides; none replaces one that is set. A name may have variables in it, too.
   */
  readonly files: readonly RepoPath[];
  /** The files replace what is set, and a later one an earlier one. */
  readonly replaces?: true;
  /** Their values may name other variables: all of them, or those that are not in single quotes. */
  readonly expands?: 'all' | 'unquoted';
  /** Module conditions (`node --conditions=...`), without those in NODE_OPTIONS. */
  readonly conditions: readonly string[];
}

export const NOTHING_SET: KitEnvironment = { variables: {}, files: [], conditions: [] };

/** What a script sets, to be compared: npm's own variables say only which script it is. */
export function settingsOf(environment: KitEnvironment = NOTHING_SET): string {
  const { npm: _, ...settings } = environment;
  return JSON.stringify(settings);
}

/** How drizzle-kit is run with a config. */
export interface KitRun {
  /** The folder that it is run from; the config's own where no script says. */
  readonly base?: RepoPath;
  readonly environment?: KitEnvironment | undefined;
  /** What it exports is known: only whether it loads is asked. */
  readonly toLoad?: boolean;
}

/** One way in which the scripts of a tree run drizzle-kit with a config. */
export interface Way {
  /** The folders that it is run from: those that generate first, the deepest first. */
  readonly folders: readonly RepoPath[];
  readonly environment?: KitEnvironment | undefined;
  /** The first script that does so; missing where none does. */
  readonly script?: string;
  /** That script writes migrations. */
  readonly generates?: boolean;
}

/**
 * The result of evaluating a config; `isBefore1`: the installed drizzle-kit is older than 1.0,
 * missing where it is not known.
 */
export type Evaluated =
  /** `reads`: repository paths that it read, or looked for and did not find. */
  | {
      readonly status: 'ok';
      readonly value: unknown;
      readonly reads?: readonly RepoPath[];
      /** See `EvaluatedConfig`. */
      readonly hide?: (text: string) => string;
      readonly open?: readonly string[];
      readonly isBefore1?: boolean;
    }
  | {
      readonly status: 'unreadable';
      readonly message: string;
      readonly line?: number;
      readonly detail?: string;
      readonly unset?: readonly string[];
      readonly reads?: readonly RepoPath[];
      readonly isBefore1?: boolean;
      /** It may load where other variables are set, or other files are there. */
      readonly elsewhere?: true;
    };

/**
 * Evaluates a config of the tree and returns what it exports: the only way from here to a user's
 * code.
 */
export type Evaluate = (path: RepoPath, run?: KitRun) => Promise<Evaluated>;

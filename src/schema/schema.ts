import type { RepoPath } from '../model/repo-path.ts';
import type { FolderProblem, ForkConflict } from './folders.ts';
import type { RenameQuestion } from './worker/protocol.ts';

/** One thing that differs between two snapshots, named for people. */
export interface Difference {
  /**
   * Stable name: "teams", "teams.description", "teams.teams_name_idx", "enum status", "schema
   * auth".
   */
  readonly entity: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: string;
  /** "text", "varchar(255) -> text", "not null": shown beside the entity. */
  readonly detail: string;
  /** The table (or other top-level thing) it belongs to, as the snapshot names it. */
  readonly owner: string;
  /**
   * Its default changes at every evaluation (`default(new Date())`): drizzle-kit sees a change each
   * time.
   */
  readonly volatile?: true;
}

/** What drizzle-kit generates from one snapshot to another. */
export type Generated =
  /** Exactly drizzle-kit's statements; none means its "No schema changes". */
  | {
      readonly status: 'answered';
      readonly statements: readonly string[];
      /** What it asked, and how that was answered; missing where it asked nothing. */
      readonly questions?: readonly RenameQuestion[];
      /** 1.x: `generate` writes nothing and fails, in drizzle-kit's own words. */
      readonly fails?: readonly string[];
      /** 1.x: what `generate` writes as the snapshot, besides ids, version and dialect. */
      readonly snapshot?: Readonly<Record<string, unknown>>;
    }
  /** drizzle-kit would ask whether something was renamed: its statements for both answers. */
  | {
      readonly status: 'ambiguous';
      readonly asCreated: readonly string[];
      readonly asRenamed: readonly string[];
    };

/** The schema of a project evaluated out of a tree. */
export type EvaluatedSchema =
  | {
      readonly status: 'ok';
      readonly snapshot: Readonly<Record<string, unknown>>;
      /** Variables that are not set here, may be set by the script, and make it another schema. */
      readonly open?: readonly string[];
      /** The schema closure: the schema files and every file of the repository that they import. */
      readonly closure: ReadonlySet<RepoPath>;
      /** Everything else whose presence or content decided how imports resolve: tsconfigs, package.json files, and
       * paths that were tried and not found. */
      readonly consulted: ReadonlySet<RepoPath>;
    }
  | {
      readonly status: 'unreadable';
      readonly message: string;
      readonly path: RepoPath;
      readonly line?: number;
      /** How the file is imported: schema file first, this file last. */
      readonly chain: readonly RepoPath[];
      readonly detail?: string;
      readonly closure: ReadonlySet<RepoPath>;
      readonly consulted: ReadonlySet<RepoPath>;
    }
  /** It loads, and is another one with each value of variables that are not set. */
  | {
      readonly status: 'unset';
      readonly variables: readonly string[];
      readonly closure: ReadonlySet<RepoPath>;
      readonly consulted: ReadonlySet<RepoPath>;
    };

/** Whether the schema of the tree equals its newest snapshot. */
export type Drift =
  | { readonly status: 'none' }
  /** The tree has no migrations at all (no journal, no snapshot). */
  | { readonly status: 'no-history'; readonly generated: Generated }
  | {
      readonly status: 'drift';
      readonly generated: Generated;
      readonly differences: readonly Difference[];
      /**
       * Where the schema defines a table: owner -> file and 1-based line, where it could be found.
       */
      readonly origins: ReadonlyMap<string, { readonly path: RepoPath; readonly line: number }>;
    }
  /** 1.x: drizzle-kit does not go on with these snapshots. */
  | { readonly status: 'refused'; readonly problems: readonly FolderProblem[] }
  /** 1.x: branches of the history that drizzle-kit refuses to put together. */
  | { readonly status: 'conflicts'; readonly conflicts: readonly ForkConflict[] }
  /** 1.x: `generate` fails for what it would have to do, in its own words. */
  | { readonly status: 'fails'; readonly messages: readonly string[] }
  /**
   * Not compared: the schema or the newest snapshot cannot be read, which is a finding of its own.
   */
  | { readonly status: 'not-judged' };

import type { RepoPath } from '../model/repo-path.ts';

/** One thing that differs between two snapshots, named for people. */
export interface Difference {
  /** Stable name: "teams", "teams.description", "teams.teams_name_idx", "enum status", "schema auth". */
  readonly entity: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: string;
  /** "text", "varchar(255) -> text", "not null": what a person wants to read beside the entity. */
  readonly detail: string;
  /** The table (or other top-level thing) it belongs to, as the snapshot names it. */
  readonly owner: string;
  /** Its default is another at every evaluation (`default(new Date())`): drizzle-kit finds it changed each time. */
  readonly moving?: true;
}

/** What drizzle-kit would generate from one snapshot to another. */
export type Generated =
  /** Exactly drizzle-kit's statements; none means its "No schema changes". */
  | { readonly status: 'answered'; readonly statements: readonly string[] }
  /** drizzle-kit would ask whether something was renamed: its statements for either answer. */
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
      /** The schema closure: the schema files and every file of the repository that they import. */
      readonly closure: ReadonlySet<RepoPath>;
      /** Everything else whose presence or content decided how imports resolve: tsconfigs, package.json files, and
       * paths that were looked for and not found. */
      readonly consulted: ReadonlySet<RepoPath>;
    }
  | {
      readonly status: 'unreadable';
      readonly message: string;
      readonly path: RepoPath;
      readonly line?: number;
      /** How the file is reached: schema file first, the file at fault last. */
      readonly chain: readonly RepoPath[];
      readonly detail?: string;
      readonly closure: ReadonlySet<RepoPath>;
      readonly consulted: ReadonlySet<RepoPath>;
    };

/** The verdict on "does the schema in the tree equal its newest snapshot". */
export type Drift =
  | { readonly status: 'none' }
  /** The tree has no migrations at all (no journal, no snapshot). */
  | { readonly status: 'no-history'; readonly generated: Generated }
  | {
      readonly status: 'drift';
      readonly generated: Generated;
      readonly differences: readonly Difference[];
      /** Where the schema defines a table: owner -> file and 1-based line, where it could be found. */
      readonly origins: ReadonlyMap<string, { readonly path: RepoPath; readonly line: number }>;
    }
  /**
   * Not judged: the schema or the newest snapshot cannot be read, which is a finding of its own. `refused`: drizzle-kit
   * does not take the newest snapshot, for a reason that only it knows; one line that continues the file's name.
   */
  | { readonly status: 'not-judged'; readonly refused?: string };

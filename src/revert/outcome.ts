import type { Finding } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';

/** What a revert does not bring back, or takes with it. */
export interface Loss {
  /**
   * `empty`: a table or column that the commit dropped is there again, without what was in it.
   * `goes`: one that it made goes, with what is in it. `converted`: values are converted back, and
   * what the first conversion changed stays changed. `label-goes`: an enum loses a value that it
   * got. `label-empty`: an enum has its value again, the rows that had it do not. `custom`:
   * statements written by hand, which nothing undoes. `besides`: the commit also changed this in
   * the schema, and the migrations that go back did not.
   */
  readonly kind:
    | 'empty'
    | 'goes'
    | 'converted'
    | 'label-goes'
    | 'label-empty'
    | 'custom'
    | 'besides';
  /** "teams", "teams.motto", "enum status", or the name of a migration. */
  readonly entity: string;
  /** "text", "integer -> text", "value 'a' removed"; of `custom` the statements, one a line. */
  readonly detail: string;
}

type StopReason =
  /** Later commits changed the same lines of the schema. */
  | 'conflict'
  /** The schema as it was cannot be evaluated. */
  | 'no-schema'
  /** Only SQL written by hand: drizzle-kit generates nothing that undoes it. */
  | 'custom-only'
  /** drizzle-kit finds nothing to generate: the schema does not have it any more. */
  | 'nothing-left'
  /** More migrations came with the one that was named. */
  | 'several'
  /** The schema does not go back to what the snapshot before says. */
  | 'not-as-before'
  /** A rename of the migration could not be turned round. */
  | 'rename-unknown'
  /** The journal or a snapshot is missing or cannot be read. */
  | 'history-broken'
  /** drizzle-kit refuses to generate it, in its own words. */
  | 'kit-fails';

/** Why nothing was written. */
export interface RevertStop {
  readonly reason: StopReason;
  /** What it is about: paths, names of migrations, "teams.motto". */
  readonly entities: readonly string[];
  readonly detail?: string;
  /** The lines in conflict. */
  readonly clashes?: readonly Clashing[];
  /** Of `nothing-left`, where the commit changed no schema file: the last one before it that did. */
  readonly schema?: NamedCommit;
  /** Of `history-broken`: the commit before which the file was right. */
  readonly broke?: NamedCommit;
}

export interface NamedCommit {
  /** Full oid. */
  readonly commit: string;
  /** The first line of its message. */
  readonly subject: string;
}

/** Lines of a schema file that later commits changed too. */
export interface Clashing {
  readonly path: RepoPath;
  /** In HEAD, from 1. */
  readonly line: number;
  /** The lines as they are, as the commit left them, and as they were before it. */
  readonly now: readonly string[];
  readonly made: readonly string[];
  readonly before: readonly string[];
}

export interface RevertedProject {
  /** The project's name, as in findings. */
  readonly project: string;
  /** The migrations folder. */
  readonly out: RepoPath;
  /** How its migrations are generated, from any folder: `npx drizzle-kit generate`. */
  readonly generate: string;
  /** The same for an empty one. */
  readonly generateCustom: string;
  /** The migrations that go back, by their names. */
  readonly reverted: readonly string[];
  /** Missing where nothing was written. */
  readonly how?: 'new migration' | 'taken away';
  /** The new migration's name. */
  readonly migration?: string;
  /** Its SQL. */
  readonly sql?: string;
  readonly lost: readonly Loss[];
  /** What the review says of the new migration, and notes of the check. */
  readonly review: readonly Finding[];
  readonly stops: readonly RevertStop[];
}

/** What `guard revert` did, or would do. Plain JSON; `version` rises when a field changes. */
export interface RevertReport {
  readonly version: 1;
  readonly outcome: 'done' | 'stopped';
  /** The commit whose changes go back: full oid. */
  readonly commit: string;
  /** The first line of its message. */
  readonly subject: string;
  /** It is a merge: what it brought to its first parent goes back. */
  readonly isMerge?: true;
  readonly projects: readonly RevertedProject[];
  /** The migrations folders of all projects: what the commit did there stays. */
  readonly outs: readonly RepoPath[];
  /** Schema files that are as they were before the commit. */
  readonly schema: readonly RepoPath[];
  /** Every file that was written or removed, from the top of the repository. */
  readonly files: readonly RepoPath[];
  /** What else the commit changed, which stays as it is. */
  readonly others: readonly RepoPath[];
  /** What the guard refuses of the result: nothing was written. */
  readonly refused: readonly Finding[];
  /** Nothing was written: `--dry-run`. */
  readonly dryRun?: true;
}

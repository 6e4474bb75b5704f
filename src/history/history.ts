import type { MigrationsJs } from './migrations-js.ts';
import type { Entry } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';

/** One entry of `meta/_journal.json` (drizzle-kit 0.31: `Journal` in src/utils.ts). */
export interface JournalEntry {
  readonly idx: number;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  /** The SQL file's name without `.sql`. */
  readonly tag: string;
  readonly breakpoints: boolean;
}

/** A problem in a file's text, found while parsing it. */
export interface FileProblem {
  readonly message: string;
  /** 1-based, where the text has one. */
  readonly line?: number;
  /** The file has conflict markers. */
  readonly conflict?: true;
}

export type Journal =
  | { readonly status: 'absent' }
  | { readonly status: 'invalid'; readonly problems: readonly FileProblem[] }
  | {
      readonly status: 'ok';
      readonly version: string;
      readonly dialect: string;
      readonly entries: readonly JournalEntry[];
    };

export type Snapshot =
  /** Not read: unchanged, and no verdict depends on it. */
  | { readonly status: 'unread' }
  | { readonly status: 'invalid'; readonly problems: readonly FileProblem[] }
  | {
      readonly status: 'ok';
      readonly id: string;
      readonly prevId: string;
      readonly version: string;
      readonly dialect: string;
      /** The whole parsed document, for drizzle-kit and the structural diff. */
      readonly json: Readonly<Record<string, unknown>>;
    };

export interface MigrationFile {
  readonly path: RepoPath;
  readonly entry: Entry;
}

export interface SnapshotFile extends MigrationFile {
  readonly snapshot: Snapshot;
}

/** A journal entry with its files. */
export interface Migration {
  readonly journal: JournalEntry;
  /** Position in the journal, from 0 (not `idx`). */
  readonly position: number;
  /** Where the files are or would be. */
  readonly sqlPath: RepoPath;
  readonly snapshotPath: RepoPath;
  readonly sql?: MigrationFile;
  readonly snapshot?: SnapshotFile;
}

/** A project's migrations in one tree, as the journal orders them. */
export interface History {
  readonly out: RepoPath;
  readonly journalPath: RepoPath;
  /** The journal's own file, when there is one. */
  readonly journalFile?: MigrationFile;
  readonly journal: Journal;
  readonly migrations: readonly Migration[];
  /** SQL files of the out folder without a journal entry. */
  readonly orphanSql: readonly MigrationFile[];
  /** Snapshots of `meta/` without a journal entry. */
  readonly orphanSnapshots: readonly SnapshotFile[];
  /**
   * The snapshot that drizzle-kit would diff against: the last by file name in `meta/` that does
   * not begin with `_` (drizzle-kit 0.31: `prepareOutFolder` sorts names, `preparePrevSnapshot`
   * takes the last). Undefined when there is none: drizzle-kit then diffs against nothing.
   */
  readonly newest?: SnapshotFile;
  /**
   * SQL files (by path) in which conflict markers or other unreadable text were found; only changed
   * files are read.
   */
  readonly sqlProblems: ReadonlyMap<RepoPath, readonly FileProblem[]>;
  /** The bytes of the changed SQL files and snapshots (by path): for describing an edit. */
  readonly texts?: ReadonlyMap<RepoPath, Uint8Array>;
  /** expo / durable-sqlite: `migrations.js`, when there is one. */
  readonly bundle?: MigrationsJs;
}

/** What of a history to read. */
export interface ReadHistory {
  /** Paths that the change touches, deleted ones too: they and their neighbours are read. */
  readonly changed?: ReadonlySet<RepoPath>;
  /** Read every snapshot and every SQL file. */
  readonly all?: boolean;
  /**
   * Further snapshots to read: those that the other side of the change needed (`snapshotsRead`).
   */
  readonly also?: ReadonlySet<RepoPath>;
}

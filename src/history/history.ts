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
      /** The parent; '' for none. In the folder layout the first of `prevIds`. */
      readonly prevId: string;
      /** All parents: in the folder layout there can be several. */
      readonly prevIds: readonly string[];
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

/** One unit of a history: SQL and a snapshot. */
export interface Migration {
  /** The tag of the journal's entry, or the folder's name: what the migrator and people know it by. */
  readonly name: string;
  /** Position in the order of the history, from 0 (not `idx`). */
  readonly position: number;
  /** Where the files are or would be. */
  readonly sqlPath: RepoPath;
  readonly snapshotPath: RepoPath;
  readonly sql?: MigrationFile;
  readonly snapshot?: SnapshotFile;
  /** Its entry, in the journal layout. */
  readonly journal?: JournalEntry;
}

/** A journal entry with its files. */
export interface JournalMigration extends Migration {
  readonly journal: JournalEntry;
}

/** A folder of drizzle-kit 1.x: `<out>/<YYYYMMDDHHmmss>_<name>/{migration.sql,snapshot.json}`. */
export interface FolderMigration extends Migration {
  /** The UTC second that the name begins with, as milliseconds since 1970; NaN where it is none. */
  readonly stamp: number;
}

/** How a project's migrations are kept: a journal (drizzle-kit 0.20-0.31), or folders (1.x). */
export type Layout = 'journal' | 'folders';

/** A project's migrations in one tree. `isJournal` and `isFolders` say what each layout has alone. */
export interface History {
  readonly layout: Layout;
  readonly out: RepoPath;
  /** What a finding about the order of the migrations points to: the journal, or the folder. */
  readonly orderPath: RepoPath;
  readonly migrations: readonly Migration[];
  /** SQL files of the out folder that belong to no migration. */
  readonly orphanSql: readonly MigrationFile[];
  /** Snapshots of `meta/` without a journal entry; in the folder layout all that is left of `meta/`. */
  readonly orphanSnapshots: readonly SnapshotFile[];
  /**
   * The snapshot that drizzle-kit would diff against. Journal: the last by file name in `meta/` that
   * does not begin with `_` (drizzle-kit 0.31: `prepareOutFolder` sorts names, `preparePrevSnapshot`
   * takes the last). Folders: the last by folder name, which is one of those that it starts from.
   * Undefined when there is none: drizzle-kit then diffs against nothing.
   */
  readonly newest?: SnapshotFile;
  /** Files of the other layout in the same folder. */
  readonly otherLayout: readonly MigrationFile[];
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

/** A project's migrations in one tree, as the journal orders them. */
export interface JournalHistory extends History {
  readonly layout: 'journal';
  readonly migrations: readonly JournalMigration[];
  readonly journalPath: RepoPath;
  /** The journal's own file, when there is one. */
  readonly journalFile?: MigrationFile;
  readonly journal: Journal;
}

/** A project's migrations in one tree, as the names of their folders order them. */
export interface FolderHistory extends History {
  readonly layout: 'folders';
  readonly migrations: readonly FolderMigration[];
  /** Those that no snapshot names as its parent, in order: the next migration is made on all of them. */
  readonly leaves: readonly FolderMigration[];
  /** Its snapshots are older, and here as `drizzle-kit up` would leave them. */
  readonly isLifted?: true;
}

/** The name of the newest migration of the first of them that has any: an example that works. */
export function newestIn(histories: readonly History[]): string | undefined {
  return histories.flatMap(({ migrations }) => migrations.at(-1)?.name ?? [])[0];
}

/** Whether a history is one with a journal. */
export function isJournal(history: History): history is JournalHistory {
  return history.layout === 'journal';
}

/** Whether a history is one of folders. */
export function isFolders(history: History): history is FolderHistory {
  return history.layout === 'folders';
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
  /**
   * What the installed drizzle-kit writes: decides where both layouts are there, or neither. A
   * function is called only then.
   */
  readonly layout?: Layout | (() => Promise<Layout | undefined>);
}

import type { JournalHistory as History, JournalEntry } from '../history/history.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { RecordedRenames } from '../schema/kit/generate.ts';
import type { EvaluatedSchema, Generated } from '../schema/schema.ts';

/** A project's migrations in one tree, with the bytes that a plan needs: see `readSides`. */
export interface Side {
  /** With every migration that the other sides have not got read whole (`texts` has its bytes). */
  readonly history: History;
  /** The journal as it is written; missing where there is none. */
  readonly journalBytes?: Uint8Array;
}

export interface RebaseInput {
  readonly project: Pick<Project, 'dialect' | 'out' | 'breakpoints' | 'prefix' | 'driver'>;
  /** What the own migrations are put on top of. */
  readonly base: Side;
  /** The branch with the own migrations. */
  readonly own: Side;
  /** Where the two parted. */
  readonly fork: Side;
  /** The merged schema; undefined where it was not evaluated. */
  readonly schema: EvaluatedSchema | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly answers: Answers;
}

/** What a person answers to an earlier stop. */
export interface Answers {
  /** `teams.name=teams.title`: the old name and the new one. */
  readonly renamed?: readonly string[];
  /** Names that are new and not renamed: `teams.title`. */
  readonly fresh?: readonly string[];
  /** The merged schema takes back what the base did on purpose. */
  readonly takeBack?: boolean;
  /** Tags whose hand-written statements are left out, and tags whose are kept. */
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
}

/** What a plan asks of others. */
export interface Asks {
  /** drizzle-kit's statements between two snapshots; `before` undefined: from nothing. */
  generate(before: Json | undefined, after: Json, recorded: RecordedRenames): Promise<Answered>;
  /** Whether drizzle-kit may ask about renames between the two. */
  mayAsk(before: Json | undefined, after: Json): boolean;
  /**
   * Whether on both sides the schema and the newest snapshot said the same: asked only where the
   * merged schema says something else than both sides' migrations together.
   */
  agreed(): Promise<boolean>;
}

export type Answered = Extract<Generated, { status: 'answered' }>;

/** A new file, in the place that the migration gets. */
export interface NewFile {
  readonly path: RepoPath;
  readonly bytes: Uint8Array;
}

/** Why a migration is not as it was: something of the base, or of the merged schema. */
export interface Reason {
  /**
   * `base`: the base changed it; `has`: the base has it already; `schema`: the merged schema
   * decided it.
   */
  readonly by: 'base' | 'has' | 'schema';
  readonly change: 'added' | 'removed' | 'changed';
  /** "teams", "teams.age", "enum status". */
  readonly entity: string;
}

export interface PlannedMigration {
  /** The tag that it had. */
  readonly from: string;
  /**
   * `kept`: drizzle-kit's SQL, unchanged; `generated`: its SQL is written again; `custom`:
   * hand-written SQL, unchanged; `dropped`: nothing of it is left to do; `moved`: out of a journal
   * into a folder, as `drizzle-kit up` moves it.
   */
  readonly kind: 'kept' | 'generated' | 'custom' | 'dropped' | 'moved';
  readonly reasons: readonly Reason[];
  /** The name of its new folder, in the folder layout. */
  readonly name?: string;
  /** Missing where it is dropped, and in the folder layout. */
  readonly entry?: JournalEntry;
  readonly sql?: NewFile;
  /** Missing where it is dropped, or had none. */
  readonly snapshot?: NewFile;
}

/** Something that a person should look at; it stops nothing. */
export interface Remark {
  /**
   * `names-changed`: kept SQL names what the base changed; `no-snapshot`: the migration has none;
   * `drift`: schema and migrations differed before, so the end is not the schema; `taken-in`: the
   * merge made it, and this migration takes it in.
   */
  readonly kind: 'names-changed' | 'no-snapshot' | 'drift' | 'taken-in';
  readonly migration?: string;
  readonly entities: readonly string[];
}

type StopReason =
  /** The merged schema cannot be evaluated. */
  | 'no-schema'
  /** drizzle-kit asks whether something was renamed, and no migration answers. */
  | 'rename-unknown'
  /** The merged schema lacks what the base did, and no own migration did that. */
  | 'takes-back'
  /** A statement was edited by hand, and drizzle-kit generates it differently now. */
  | 'edited-differs'
  /** Hand-written statements of a migration of which nothing else is left. */
  | 'statements-left'
  /** The merge made something new, and there is no own migration to take it. */
  | 'not-migrated'
  /** A file of an own migration is missing or cannot be read. */
  | 'own-broken'
  /** The journal or the newest snapshot of the base is missing or cannot be read. */
  | 'base-broken'
  /**
   * One side ran `drizzle-kit up`, and has not got migrations that both began with as `up` moves them.
   */
  | 'not-the-same';

export interface Stop {
  readonly reason: StopReason;
  /** The own migration, by its tag. */
  readonly migration?: string;
  /** What it is about: "teams.title", a path. */
  readonly entities: readonly string[];
  /** Both forms of a statement, the message of a schema that cannot be read. */
  readonly detail?: string;
  /** Flags that go on, as a shell takes them: `--renamed teams.name=teams.title`, `--take-back`. */
  readonly answers: readonly string[];
}

export type RebasePlan =
  /** The own migrations follow the base already, or there are none. */
  | { readonly status: 'nothing' }
  | { readonly status: 'stopped'; readonly stops: readonly [Stop, ...Stop[]] }
  | {
      readonly status: 'planned';
      /** Every own migration, in order. */
      readonly migrations: readonly PlannedMigration[];
      /** Every file to write; the journal is one of them. */
      readonly files: readonly NewFile[];
      /** Files of own migrations under their old names, which nothing has any more. */
      readonly removed: readonly RepoPath[];
      readonly remarks: readonly Remark[];
    };

import type { Tree } from '../git/trees/tree.ts';
import type { Migration } from '../history/history.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Answered, NewFile } from '../rebase/input.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { Rename } from '../schema/worker/protocol.ts';
import type { RevertStop } from './outcome.ts';
import type { RecordedRenames } from './turned-round.ts';

/** What of a project goes back, and how it may. */
export interface Undoing {
  readonly project: Project;
  /** What git is about to record: it has the migrations as HEAD has them. */
  readonly tree: Tree;
  /** The migrations that go back, in order. */
  readonly undone: readonly Migration[];
  /** The schema as it was before them, with what came later. */
  readonly schema: Json;
  readonly evaluator: Evaluator;
  /** Full oid of the commit that goes back. */
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Schema files that git would not have merged: what they mean has to be proven. */
  readonly close: readonly RepoPath[];
}

/** One migration that goes back. */
export interface UndoneStep {
  readonly name: string;
  /** Statements that somebody wrote, each as it is written. */
  readonly byHand: readonly string[];
  /** drizzle-kit generates nothing for it. */
  readonly isCustom: boolean;
  /** What it changed: "teams", "teams.motto". */
  readonly changed: readonly string[];
}

/** The files of a result. */
export interface ResultFiles {
  readonly files: readonly NewFile[];
  readonly removed: readonly RepoPath[];
}

/** The same of a new migration. */
export interface NewMigration extends ResultFiles {
  readonly name: string;
  readonly sql: string;
}

/** The ways back that a layout has: a journal, or folders. */
export interface Ways {
  /** What `generate` starts from; undefined: nothing. */
  readonly now: Json | undefined;
  /** The same without the migrations that go back; missing where others come after them. */
  readonly before?: { readonly state: Json | undefined };
  readonly steps: readonly UndoneStep[];
  readonly recorded: RecordedRenames;
  readonly addMigration: (made: Answered, renames: readonly Rename[]) => NewMigration;
  readonly takeAway: () => ResultFiles;
}

export function isStop(one: Ways | RevertStop): one is RevertStop {
  return 'reason' in one;
}

/** @param entities paths, or names of migrations */
export function broken(entities: readonly string[], detail: string): RevertStop {
  return { reason: 'history-broken', entities, detail };
}

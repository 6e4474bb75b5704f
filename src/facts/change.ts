import type { Entry } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import {
  isFolders,
  isJournal,
  type FolderHistory,
  type History,
  type JournalEntry,
  type JournalHistory,
  type Layout,
  type Migration,
} from '../history/history.ts';
import type { Project } from '../project/project.ts';
import type { HowToGenerate } from '../project/scripts/how-to-generate.ts';
import type { DeployCommand } from './deploy/deploy-files.ts';
import type { Review } from './review/review.ts';
import type { SqlOrigin } from './sql-origin/origin.ts';
import type { FolderProblem, ForkConflict } from '../schema/folders.ts';
import type { Drift, EvaluatedSchema } from '../schema/schema.ts';

/**
 * One project in one tree, with all that a rule may read. Plain data: a literal in a rule's
 * test.
 */
export interface ProjectState {
  readonly project: Project;
  readonly history: History;
  /** How the installed drizzle-kit keeps migrations; undefined where none can be run. */
  readonly kitLayout?: Layout;
  /**
   * Where that is another than the history's, and a commit is judged: what the drizzle-kit that the
   * commit's own files name keeps.
   */
  readonly declaredLayout?: Layout;
  readonly schema: EvaluatedSchema;
  readonly drift: Drift;
  /** In the folder layout: branches of the history that do not go together, or only seem to. */
  readonly forks?: readonly ForkConflict[];
  /**
   * Paths under `out` that git ignores (or would ignore, were they made); empty where that cannot
   * be asked.
   */
  readonly ignored: readonly RepoPath[];
  /** For `when` in the future. Milliseconds since 1970. */
  readonly now: number;
  /** Newest snapshot version that the installed drizzle-kit reads for this dialect. */
  readonly snapshotVersion: number;
  readonly how: HowToGenerate;
}

/**
 * What others may already have applied, as far as it concerns the files that this change touches.
 */
export interface Published {
  /** True when this content (path and oid) is in some published tree. */
  readonly hasContent: (path: RepoPath, oid: string) => boolean;
  /**
   * The content (oid) that a file was recorded with first; looked up only where the change gives it
   * one that no published tree has any more. Undefined where that is not known.
   */
  readonly firstContent: (path: RepoPath) => string | undefined;
  /** What the merge base with the upstream (with no remote at all: HEAD) has under the path. */
  readonly base: (path: RepoPath) => Entry | undefined;
  /** Journal entries of published trees, by tag: every distinct form they have. */
  readonly entries: ReadonlyMap<string, readonly JournalEntry[]>;
  /** All of this comes from a merge's parents, and nothing says which of them others had first. */
  readonly eitherParent?: true;
  /**
   * A revision whose tree is what `base` answers from, for `git restore --source=<rev>`; HEAD where
   * it is not given.
   */
  readonly rev?: string;
}

/** A state whose history has a journal. */
export interface JournalState extends ProjectState {
  readonly history: JournalHistory;
}

export function hasJournal(state: ProjectState): state is JournalState {
  return isJournal(state.history);
}

/** A state whose history has the folders of drizzle-kit 1.x. */
export interface FolderState extends ProjectState {
  readonly history: FolderHistory;
}

export function hasFolders(state: ProjectState): state is FolderState {
  return isFolders(state.history);
}

/**
 * Whether others may have a migration of a tree before: its entry, or, in the folder layout, one of
 * its files is published.
 */
export function isPublished(
  published: Published,
  { name, journal, sql, snapshot }: Migration,
): boolean {
  if (journal !== undefined) return published.entries.has(name);
  return [sql, snapshot].some(
    (file) =>
      file !== undefined &&
      (published.base(file.path) !== undefined || published.hasContent(file.path, file.entry.oid)),
  );
}

export interface StateBefore {
  readonly project: Project;
  readonly history: History;
  /**
   * Where the change ran `drizzle-kit up`: the history that the tree has, while `history` is what
   * `up` makes of it.
   */
  readonly journal?: JournalHistory;
  /**
   * A revision that names this tree, for `git restore --source=<rev>`; HEAD where it is not given.
   */
  readonly rev?: string;
  /**
   * A parent of a merge that a long-lived branch has, where nothing else says whose migrations
   * others had first: its own stay.
   */
  readonly stays?: true;
  /**
   * Of such a parent, where the merge has not all of its own migrations as they were: what these did
   * and the merge does not do, in words. Missing where that is not known.
   */
  readonly lost?: readonly string[];
}

/** What comes out where the migrations of two branches are put together. */
export interface Together {
  /** Why drizzle-kit does not go on with them at all; undefined where it does. */
  readonly refused?: FolderProblem;
  readonly conflicts: readonly ForkConflict[];
}

/** A branch that what is judged will meet: the base of a pull request, a branch of the remote. */
export interface OtherBranch {
  /** A revision that `git merge` takes: "origin/main". */
  readonly name: string;
  readonly history: History;
  /** The history where the two parted; undefined where they have nothing in common. */
  readonly parted?: History;
  /**
   * In the folder layout: what drizzle-kit makes of the migrations of both; undefined where nothing
   * is run, or one of their snapshots cannot be read.
   */
  readonly together?: Together;
  /**
   * Not a branch that the change will be merged into: a clash is a warning, reported only if no
   * other branch has one.
   */
  readonly advisory?: true;
}

/** One project's change: for rules about what was done, not about how things stand. */
export interface ProjectChange {
  readonly after: ProjectState;
  /** The states before: none (first commit, new project), one, or a merge's parents. */
  readonly before: readonly StateBefore[];
  readonly published: Published;
  /** Where the SQL of each migration that is new in this change comes from, by tag. */
  readonly sqlOrigins: ReadonlyMap<string, SqlOrigin>;
  /**
   * For a merge: the history in the merge base of the parents. It shows what one parent removed and
   * what it never had.
   */
  readonly mergeBase?: History;
  /**
   * The branches that this will meet, the most important first; none where nobody asked for them.
   */
  readonly others?: readonly OtherBranch[];
  /** What each new migration does to databases with rows; missing where none is new. */
  readonly reviews?: readonly Review[];
  /** Where the change makes a deploy run `drizzle-kit push`. */
  readonly deploys?: readonly DeployCommand[];
}

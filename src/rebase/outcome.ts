import type { PlannedMigration, Remark, Stop } from './input.ts';
import type { Joining } from '../git/worktree/joining.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Finding } from '../model/finding.ts';

/** What became of one project. */
export interface RebasedProject {
  /** The project's name, as in findings. */
  readonly project: string;
  /** The migrations folder. */
  readonly out: RepoPath;
  /** The newest migration of the base, by its tag; missing where it has none. */
  readonly onTopOf?: string;
  readonly migrations: readonly Omit<PlannedMigration, 'sql' | 'snapshot'>[];
  readonly remarks: readonly Remark[];
  /** Why nothing was written. */
  readonly stops: readonly Stop[];
}

/** What `guard rebase` did, or would do. Plain JSON; `version` rises when a field changes. */
export interface RebaseReport {
  readonly version: 1;
  /** `nothing`: the own migrations follow the base already, or there are none. */
  readonly outcome: 'done' | 'nothing' | 'stopped';
  /** What git is in the middle of; missing where it is not. */
  readonly during?: Joining['kind'];
  /** All projects keep migrations in folders (drizzle-kit 1.x), which need no order. */
  readonly layout?: 'folders';
  /** Whose migrations stay: "origin/main". */
  readonly base: string;
  /** Whose migrations were put on top. */
  readonly own: string;
  readonly projects: readonly RebasedProject[];
  /** Every file that was written or removed, `/`-separated, from the top of the repository. */
  readonly files: readonly RepoPath[];
  /** Files outside the migrations that were in conflict, are resolved, and have to be staged. */
  readonly toStage: readonly RepoPath[];
  /** Nothing is under way, and nobody has HEAD yet: what is staged belongs into that commit. */
  readonly amends?: true;
  /** Nothing was written: `--dry-run`. */
  readonly dryRun?: true;
  /** What the guard will still refuse when this is committed. */
  readonly refused: readonly Finding[];
}

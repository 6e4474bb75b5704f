import type { PlainEvaluator } from '../schema/evaluator.ts';
import type { Environment } from '../git/environment.ts';
import type { Git } from '../git/git.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Worktree } from '../hooks/hook-manager.ts';
import type { InspectedManager } from './inspect-managers.ts';
import type { InstalledHooks } from './installed-hooks.ts';
import type { Manifest } from './manifest.ts';
import type { Proof } from './proof/result.ts';

/** What the probes may read. Each part is read once, when it is first asked for. */
export interface SetUp {
  /** Absolute path of the folder that the doctor was called in. */
  readonly cwd: string;
  readonly env: Environment;
  /** This guard's own version. */
  readonly version: string;
  /** The running Node's version, without a `v`. */
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What a program that was not started from a shell has for its PATH. */
  readonly barePath: string;
  readonly git: Git;
  /** @throws GuardError `not-a-repository`, `bare-repository`, `git-missing`. */
  repository(): Promise<Repository>;
  /** What a commit would record now; HEAD while a merge is unfinished. */
  tree(): Promise<Tree>;
  evaluator(): Promise<PlainEvaluator>;
  /** Why the configs among these, read so far, are evaluated at every check. */
  readonly neverStored: ReadonlyMap<RepoPath, readonly string[]>;
  /** @throws GuardError `guard-config-invalid`. */
  guardConfig(): Promise<GuardConfig>;
  discovered(): Promise<Discovered>;
  /** The readable journals of the projects, by path; those of submodules are not merged here. */
  journals(): Promise<ReadonlyMap<RepoPath, string>>;
  hooks(): Promise<InstalledHooks>;
  /** As the hook managers see it. */
  worktree(): Promise<Worktree>;
  /** The hook managers that the project uses. */
  managers(): Promise<readonly InspectedManager[]>;
  /** The package.json at the top, and what calls things there. */
  manifest(): Promise<Manifest>;
  /** How real commits, pushes and merges end in a temporary clone. */
  proof(): Promise<Proof>;
  /** The text of a file of the working tree; undefined where there is none. */
  read(path: RepoPath): Promise<string | undefined>;
  close(): Promise<void>;
}

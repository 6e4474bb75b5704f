import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedIn } from '../git/worktree/installed.ts';
import type { Environment } from '../git/environment.ts';
import { createGit } from '../git/git.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { indexTree } from '../git/trees/index-tree.ts';
import type { Tree } from '../git/trees/tree.ts';
import { GuardError } from '../model/errors.ts';
import { once } from '../model/once.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { discoverProjects } from '../project/discover.ts';
import { readGuardConfig } from '../project/guard-config.ts';
import { RULE_IDS } from '../rules/index.ts';
import type { KitRun } from '../project/kit-environment.ts';
import { whyNeverStored } from '../schema/cache/outside.ts';
import { openEvaluator, type PlainEvaluator } from '../schema/evaluator.ts';
import { openWorktree } from '../hooks/open-worktree.ts';
import { inspectManagers } from './inspect-managers.ts';
import { journalsOf } from './journals.ts';
import { readInstalledHooks } from './installed-hooks.ts';
import { readManifest } from './manifest.ts';
import { prove } from './proof/prove.ts';
import type { SetUp } from './set-up.ts';

export interface SetUpOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly version: string;
  readonly node: string;
  readonly now?: number;
  readonly barePath?: string;
  /** Seconds that one commit or push of the proof may take. */
  readonly timeLimit?: number;
}

/**
 * Opens a set-up. Nothing is read, and nothing fails, before it is asked for; the caller must close
 * it.
 */
export function openSetUp(options: SetUpOptions): SetUp {
  const {
    cwd,
    env,
    version,
    node,
    now = Date.now(),
    barePath = '/usr/bin:/bin',
    timeLimit = 60,
  } = options;
  const repository = once(() => openRepository({ cwd, env }));
  let opened: PlainEvaluator | undefined;
  const neverStored = new Map<RepoPath, readonly string[]>();
  // Without the cache: what is installed now has to show that it works, and nothing is to be
  // written.
  const evaluator = once(
    async () => (opened = openEvaluator({ repository: await repository(), env })),
  );
  const tree = once(async () => recorded(await repository()));
  const read = async (path: RepoPath): Promise<string | undefined> =>
    readFile(join((await repository()).topLevel, path), 'utf8').catch(() => undefined);
  const evaluate = async (path: RepoPath, run?: KitRun) =>
    (await evaluator()).evaluateConfig(await tree(), path, run, (observed) => {
      if (run?.toLoad !== true) neverStored.set(path, whyNeverStored(observed));
    });
  const guardConfig = once(async () => readGuardConfig(await tree(), evaluate, RULE_IDS));
  const discovered = once(async () => {
    const mine = await guardConfig().catch(() => undefined);
    return discoverProjects(await tree(), {
      top: (await repository()).topLevel,
      evaluate,
      installed: installedIn((await repository()).topLevel),
      ...(mine === undefined ? {} : { guardConfig: mine }),
    });
  });
  const journals = once(async () => journalsOf(await tree(), (await discovered()).projects));
  const hooks = once(async () => readInstalledHooks(await repository()));
  const worktree = once(async () => openWorktree(await repository()));
  const managers = once(async () => inspectManagers(await worktree(), (await hooks()).hooks, env));
  const manifest = once(async () => readManifest(await tree(), read));
  const setUp: SetUp = {
    cwd,
    env,
    version,
    node,
    now,
    barePath,
    git: createGit({ cwd, env }),
    repository,
    tree,
    evaluator,
    neverStored,
    guardConfig,
    discovered,
    journals,
    hooks,
    worktree,
    managers,
    manifest,
    read,
    proof: once(async () => prove(setUp, timeLimit)),
    async close() {
      await opened?.close();
    },
  };
  return setUp;
}

async function recorded(repository: Repository): Promise<Tree> {
  try {
    return (await indexTree(repository)).after;
  } catch (error) {
    if (!(error instanceof GuardError) || error.code !== 'index-unmerged') throw error;
    return commitTree(repository, 'HEAD');
  }
}

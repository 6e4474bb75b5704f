import type { Tree } from '../git/trees/tree.ts';
import { installedIn } from '../git/worktree/installed.ts';
import type { RunContext } from '../judge/context.ts';
import { chosen } from '../project/chosen.ts';
import { discoverProjects, type Discovered } from '../project/discover.ts';
import { readGuardConfig, type GuardConfig } from '../project/guard-config.ts';
import type { Evaluate } from '../project/kit-environment.ts';
import { RULE_IDS } from '../rules/index.ts';

interface ProjectsOf extends Pick<Discovered, 'projects' | 'unreadable'> {
  readonly guardConfig: GuardConfig;
  /** All that the tree has, also those that were not asked for. */
  readonly found: Discovered;
}

/**
 * The guard's config and the projects of a tree, those asked for alone.
 * @param loads whether drizzle-kit has to be able to load their configs
 */
export async function projectsOf(
  context: RunContext,
  tree: Tree,
  loads = true,
): Promise<ProjectsOf> {
  const top = context.repository.topLevel;
  const evaluate: Evaluate = (path, run) => context.evaluator.evaluateConfig(tree, path, run);
  const guardConfig = await readGuardConfig(tree, evaluate, RULE_IDS);
  const found = await discoverProjects(tree, {
    top,
    guardConfig,
    memory: context.memory,
    evaluate,
    loads,
    installed: installedIn(top),
  });
  const { projects, unreadable } = chosen(found, context.only);
  return { guardConfig, found, projects, unreadable };
}

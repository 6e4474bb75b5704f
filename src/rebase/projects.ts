import { GuardError } from '../model/errors.ts';
import { installedIn } from '../git/worktree/installed.ts';
import type { Tree } from '../git/trees/tree.ts';
import { discoverProjects } from '../project/discover.ts';
import { readGuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { RULE_IDS } from '../rules/index.ts';
import type { RunContext } from '../judge/context.ts';
import { chosen } from '../judge/tree.ts';

export interface ProjectsIn {
  /** Those that were asked for. */
  readonly projects: readonly Project[];
  /** The migrations folders of all. */
  readonly outs: readonly RepoPath[];
}

/**
 * The projects of a tree.
 * @param again what to run when a config that cannot be read is fixed
 * @throws GuardError `evaluation-failed` for such a config.
 */
export async function projectsIn(
  context: RunContext,
  tree: Tree,
  again: string,
): Promise<ProjectsIn> {
  const { evaluator, repository, memory, only } = context;
  const evaluate = (path: RepoPath, run?: Parameters<typeof evaluator.evaluateConfig>[2]) =>
    evaluator.evaluateConfig(tree, path, run);
  const found = await discoverProjects(tree, {
    top: repository.topLevel,
    guardConfig: await readGuardConfig(tree, evaluate, RULE_IDS),
    memory,
    evaluate,
    installed: installedIn(repository.topLevel),
  });
  const { projects, unreadable } = chosen(found, only);
  const [broken] = unreadable;
  if (broken !== undefined)
    throw new GuardError(
      'evaluation-failed',
      `${broken.config} cannot be read: ${broken.message}`,
      { help: [`Resolve it first. Then: ${again}`] },
    );
  return { projects, outs: found.projects.map(({ out }) => out) };
}

import { projectsOf } from '../check/projects.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RunContext } from '../judge/context.ts';
import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';

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
  const { found, projects, unreadable } = await projectsOf(context, tree);
  const [broken] = unreadable;
  if (broken !== undefined)
    throw new GuardError(
      'evaluation-failed',
      `${broken.config} cannot be read: ${broken.message}`,
      { help: [`Resolve it first. Then: ${again}`] },
    );
  return { projects, outs: found.projects.map(({ out }) => out) };
}

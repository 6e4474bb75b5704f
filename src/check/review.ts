import { openRepository } from '../git/repository.ts';
import { check } from './check.ts';
import { isNamedIn, noMigration } from './named.ts';
import { projectsOf } from './projects.ts';
import { reviewOf, type Reviewed } from './review-named.ts';
import { withContext, type CheckOptions, type RunOptions } from './run.ts';
import { indexTarget } from './targets.ts';

/** Reviews what a check would check, and says which of its migrations are new. */
export async function reviewChange(
  options: RunOptions & Pick<CheckOptions, 'what'>,
): Promise<Reviewed> {
  const migrations = new Set<string>();
  const checked = await check({
    ...options,
    evidence: {
      onProject: (one) => one.migrations.forEach(({ tag }) => migrations.add(tag)),
      onCache: () => undefined,
    },
  });
  return { report: checked, migrations: [...migrations] };
}

/**
 * Reviews migrations of the working tree by their names, or by the paths of their SQL files.
 * @throws GuardError `usage` where there is no such migration.
 */
export async function reviewMigrations(
  options: RunOptions,
  names: readonly string[],
): Promise<Reviewed> {
  const { cwd, env, signal } = options;
  const repository = await openRepository({
    cwd,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const { after: tree } = await indexTarget(repository, 'worktree');
  return withContext(repository, options, async (context) => {
    const { guardConfig, projects } = await projectsOf(context, tree, false);
    const isNamed = isNamedIn(names);
    const reviewed = await reviewOf(
      context,
      guardConfig,
      tree,
      projects.map((project) => ({ project, isNamed, compares: true })),
    );
    if (reviewed.migrations.length === 0)
      throw await noMigration(names, 'review', context, { tree, projects });
    return reviewed;
  });
}

import { openRepository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Migration } from '../history/history.ts';
import type { RunContext } from '../judge/context.ts';
import { reviewNamed } from '../judge/named.ts';
import type { Report } from '../model/report.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';
import type { RuleId } from '../rules/index.ts';
import { check } from './check.ts';
import { isNamedIn, noMigration } from './named.ts';
import { projectsOf } from './projects.ts';
import { report, withContext, type CheckOptions, type RunOptions } from './run.ts';
import { indexTarget } from './targets.ts';

/** A report, and the migrations that it is about. */
export interface Reviewed {
  readonly report: Report<RuleId>;
  readonly migrations: readonly string[];
}

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
    const { guardConfig, projects } = await projectsOf(context, tree);
    const isNamed = isNamedIn(names);
    const reviewed = await reviewOf(
      context,
      guardConfig,
      tree,
      projects.map((project) => ({ project, isNamed })),
    );
    if (reviewed.migrations.length === 0) throw noMigration(names, 'review');
    return reviewed;
  });
}

/** Reviews some migrations of each project, as if each was the only new one. */
export async function reviewOf(
  context: RunContext,
  guardConfig: GuardConfig,
  tree: Tree,
  asked: readonly {
    readonly project: Project;
    readonly isNamed: (migration: Migration) => boolean;
  }[],
): Promise<Reviewed> {
  const reviews = [];
  for (const { project, isNamed } of asked)
    reviews.push({
      project,
      ...(await reviewNamed(context, guardConfig, { tree, project }, isNamed)),
    });
  return {
    migrations: reviews.flatMap(({ migrations }) => migrations),
    report: report({
      projects: reviews.map(({ project: { name, dialect, out }, migrations }) => ({
        config: name,
        dialect,
        out,
        migrations: migrations.length,
        checked: migrations.length > 0,
      })),
      findings: reviews.flatMap(({ findings }) => findings),
      preexisting: 0,
      notEvaluated: [],
      unclaimed: [],
    }),
  };
}

import { openRepository } from '../git/repository.ts';
import { installedIn } from '../git/worktree/installed.ts';
import type { RunContext } from '../judge/context.ts';
import { reviewNamed } from '../judge/named.ts';
import { chosen } from '../judge/tree.ts';
import { GuardError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { discoverProjects } from '../project/discover.ts';
import { readGuardConfig } from '../project/guard-config.ts';
import { RULE_IDS, type RuleId } from '../rules/index.ts';
import type { Evaluate } from '../project/kit-environment.ts';
import type { Tree } from '../git/trees/tree.ts';
import { check } from './check.ts';
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
    const evaluate: Evaluate = (path, run) => context.evaluator.evaluateConfig(tree, path, run);
    const guardConfig = await readGuardConfig(tree, evaluate, RULE_IDS);
    const found = await discoverProjects(tree, {
      top: repository.topLevel,
      guardConfig,
      memory: context.memory,
      evaluate,
      installed: installedIn(repository.topLevel),
    });
    const { projects } = chosen(found, context.only);
    const reviews = [];
    for (const project of projects)
      reviews.push({ project, ...(await ofProject(context, tree, project)) });
    const known = reviews.flatMap(({ migrations }) => migrations);
    if (known.length === 0)
      throw new GuardError('usage', `there is no migration ${names.join(', ')}`, {
        help: ['Name it as its SQL file or folder is named: npx drizzle-guard review 0007_teams'],
      });
    return {
      migrations: known,
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

    function ofProject(
      run: RunContext,
      at: Tree,
      project: (typeof projects)[number],
    ): ReturnType<typeof reviewNamed> {
      return reviewNamed(run, guardConfig, { tree: at, project }, ({ name, sqlPath }) =>
        names.some((word) => [name, `${name}.sql`, sqlPath].includes(word.replace(/^\.\//, ''))),
      );
    }
  });
}

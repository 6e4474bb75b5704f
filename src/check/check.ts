import { openRepository, type Repository } from '../git/repository.ts';
import type { Report } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import { judgeTree, type TreeVerdict } from '../judge/tree.ts';
import { mayAffect } from '../relevance/affects.ts';
import { readClosure, writeClosure } from '../relevance/closure-file.ts';
import {
  NO_FILE_MATTERS,
  NO_PROJECT_AFFECTED,
  noProject,
  nothing,
  report,
  strictly,
  withContext,
  type CheckOptions,
  type RunOptions,
} from './run.ts';
import { indexTarget } from './targets.ts';
import type { CheckTarget } from '../judge/target.ts';

/**
 * Checks what git is about to record, or has recorded. It writes nothing but the guard's own cache.
 * @throws GuardError when it could not check; a user's mistake is a finding in the report.
 */
export async function check(
  options: RunOptions & Pick<CheckOptions, 'what'>,
): Promise<Report<RuleId>> {
  const { cwd, env, what, signal } = options;
  const repository = await openRepository({
    cwd,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const whole =
    what === 'index' || what === 'worktree'
      ? await checkIndex(repository, what, options)
      : await (await import('./commit.ts')).checkRecorded(repository, what, options);
  return options.strict === true ? strictly(whole) : whole;
}

async function checkIndex(
  repository: Repository,
  what: 'index' | 'worktree',
  options: RunOptions,
): Promise<Report<RuleId>> {
  const target = await indexTarget(repository, what);
  if (
    options.all !== true &&
    (options.projects ?? []).length === 0 &&
    !mayAffect([...target.touched], () => [readClosure(repository.commonDir)])
  ) {
    return nothing(
      target.touched.size > 0
        ? NO_FILE_MATTERS
        : `${target.after.name} has no changes${what === 'index' ? ' (npx drizzle-guard check --worktree checks what is not staged)' : ''}`,
    );
  }
  return withContext(repository, options, async (context) => {
    const verdict = await judgeTree(context, target);
    if (verdict.noProject !== undefined) throw noProject(target.after.name, verdict.noProject);
    if (verdict.projects.some(({ checked }) => checked)) return report(verdict);
    await remember(repository, target, verdict);
    return { ...nothing(NO_PROJECT_AFFECTED), projects: verdict.projects };
  });
}

/**
 * No project was affected, so HEAD has the same closure as the index: the names alone decide about
 * the next commits.
 */
async function remember(
  repository: Repository,
  { index }: CheckTarget,
  verdict: TreeVerdict,
): Promise<void> {
  const closure =
    index === undefined || repository.head === undefined
      ? undefined
      : verdict.closure(repository.head);
  if (closure !== undefined) await writeClosure(repository.commonDir, closure);
}

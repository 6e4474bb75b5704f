import { openRepository, type Repository } from '../git/repository.ts';
import type { Report } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import { judgeTree } from '../judge/tree.ts';
import { judgeUnseen } from '../judge/unseen.ts';
import { relevanceAt } from '../relevance/known.ts';
import {
  isWhole,
  NO_FILE_MATTERS,
  nothing,
  remember,
  report,
  reportOf,
  strictly,
  withContext,
  type CheckOptions,
  type RunOptions,
} from './run.ts';
import { indexTarget } from './targets.ts';

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
  const { touched, after } = target;
  const relevance = isWhole(options)
    ? 'possible'
    : await relevanceAt(repository, repository.head, [...touched]);
  if (relevance === 'none')
    return nothing(
      touched.size > 0
        ? NO_FILE_MATTERS
        : `${after.name} has no ` +
            `changes${what === 'index' ? ' (npx drizzle-guard check --worktree checks what is not staged)' : ''}`,
    );
  const verdict = await withContext(
    repository,
    options,
    (context) => (relevance === 'unknown' ? judgeUnseen : judgeTree)(context, target),
    async (judged) => {
      // What is refused is not what HEAD will be.
      if (what === 'index' && report(judged).outcome !== 'refused')
        await remember(repository, judged, target.changed);
    },
  );
  return reportOf(verdict, { tree: after.name, relevance });
}

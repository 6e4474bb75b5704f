import { openRepository, type Repository } from '../git/repository.ts';
import type { Report } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import { judgeSubject, type Verdict } from '../judge/tree.ts';
import { someMatter, writeKnownClosure } from '../relevance/closure.ts';
import {
  NO_FILE_MATTERS,
  NOTHING_CONCERNS,
  noProject,
  nothing,
  report,
  withEngine,
  type CheckOptions,
  type RunOptions,
} from './run.ts';
import { indexSubject } from './targets.ts';
import type { Subject } from '../judge/target.ts';

/**
 * Judges what git is about to record, or has recorded. Reads only; the one thing it may write is the guard's own cache.
 * @throws GuardError when it could not look; a user's mistake is a finding in the report.
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
  if (what === 'index' || what === 'worktree') return checkIndex(repository, what, options);
  const { checkRecorded } = await import('./commit.ts');
  return checkRecorded(repository, what, options);
}

async function checkIndex(
  repository: Repository,
  what: 'index' | 'worktree',
  options: RunOptions,
): Promise<Report<RuleId>> {
  const subject = await indexSubject(repository, what);
  if (options.all !== true && !(await someMatter(repository.commonDir, [...subject.touched]))) {
    return nothing(
      subject.touched.size === 0 ? `${subject.after.name} holds no change` : NO_FILE_MATTERS,
    );
  }
  return withEngine(repository, options, async (engine) => {
    engine.session.expect?.(subject.changed);
    const verdict = await judgeSubject(engine, subject);
    if (verdict.noProject !== undefined) throw noProject(subject.after.name, verdict.noProject);
    if (verdict.projects.some(({ checked }) => checked)) return report(verdict);
    await remember(repository, subject, verdict);
    return { ...nothing(NOTHING_CONCERNS), projects: verdict.projects };
  });
}

/** Nothing concerned a project, so HEAD has the same closure as the index: the next commits can be told by names alone. */
async function remember(
  repository: Repository,
  { index }: Subject,
  verdict: Verdict,
): Promise<void> {
  const closure =
    index === undefined || repository.head === undefined
      ? undefined
      : verdict.closure(repository.head);
  if (closure !== undefined) await writeKnownClosure(repository.commonDir, closure);
}

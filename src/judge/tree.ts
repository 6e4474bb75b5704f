import type { Finding } from '../model/finding.ts';
import { RULE_IDS, type RuleId } from '../rules/index.ts';
import { installedIn } from '../git/worktree/installed.ts';
import type { Tree } from '../git/trees/tree.ts';
import { chosen } from '../project/chosen.ts';
import { discoverProjects, type Discovered } from '../project/discover.ts';
import { readGuardConfig, type GuardConfig } from '../project/guard-config.ts';
import type { Evaluate } from '../project/kit-environment.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../model/report.ts';
import { judgeNotRun, judgeUnreadable } from './config-findings.ts';
import { judgeProject } from './project.ts';
import type { ProjectVerdict, RunContext, TargetContext } from './context.ts';
import { commitClosure, type CommitClosure } from '../relevance/closure.ts';
import { unjudgedGuardConfig, withEarlierReadings } from './without-evaluation.ts';
import { levelsOf, severities, type Severities } from './new-findings.ts';
import { judgeLost } from './narrowed.ts';
import { withReadings } from './parents.ts';
import type { CheckTarget } from './target.ts';
import { unclaimed } from './unclaimed.ts';

export interface TreeVerdict {
  readonly projects: readonly ReportedProject[];
  readonly judged: readonly ProjectVerdict[];
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  /** What of the change is not checked, as nothing can be evaluated. */
  readonly notEvaluated: readonly ReportedNotEvaluated[];
  /** Migrations that it touches and that no project has. */
  readonly unclaimed: readonly ReportedNotEvaluated[];
  /** The severities of its findings. */
  readonly severityOf: Severities;
  /**
   * What the evaluations read; undefined if that is not known, or only some projects were asked
   * for.
   */
  readonly closure: (commit: string) => CommitClosure | undefined;
  /** Why there is no project, if there is none. */
  readonly noProject?: string;
}

/**
 * Judges one tree against those that it comes from: every project that it has, that cannot be read,
 * or that it lost.
 * @throws GuardError when it could not check; a user's mistake is a finding.
 */
export async function judgeTree(context: RunContext, target: CheckTarget): Promise<TreeVerdict> {
  const { evaluator, repository, only } = context;
  const { after } = target;
  const running = (tree: Tree): Evaluate | undefined =>
    evaluator.evaluates ? (path, run) => evaluator.evaluateConfig(tree, path, run) : undefined;
  const readConfigOf = (tree: Tree): Promise<GuardConfig> =>
    readGuardConfig(tree, running(tree), RULE_IDS);
  const guardConfig = await readConfigOf(after);
  if (guardConfig.timeoutSeconds !== undefined)
    evaluator.limitTo(guardConfig.timeoutSeconds * 1000);
  const discover = (tree: Tree, named = guardConfig): Promise<Discovered> =>
    discoverProjects(tree, {
      top: repository.topLevel,
      guardConfig: named,
      memory: context.memory,
      evaluate: running(tree),
      ...(evaluator.evaluates && { installed: installedIn(repository.topLevel) }),
    });
  const parents = target.parents.map((parent) =>
    withReadings(parent, { guardConfig, readGuardConfig: readConfigOf, discover }),
  );
  const found = await withEarlierReadings(await discover(after), () =>
    Promise.all(parents.map((parent) => parent.found())),
  );
  const rulesBefore = await Promise.all(
    parents.map(async (parent) => levelsOf(await parent.guardConfig())),
  );
  const { projects, unreadable } = chosen(found, only);
  const ofTarget: TargetContext = {
    ...context,
    target,
    parents,
    discover,
    found,
    severityOf: severities(levelsOf(guardConfig), rulesBefore),
    guardConfig,
  };
  const known = await Promise.all([
    ...projects.map((project) => judgeProject(ofTarget, project)),
    ...unreadable.map((project) => judgeUnreadable(ofTarget, project)),
    ...found.notRun.map(async (project) => judgeNotRun(ofTarget, project)),
  ]);
  const judged = [...known, ...(await judgeLost(ofTarget, known))];
  const ofConfig =
    guardConfig.source === undefined ||
    guardConfig.unread === undefined ||
    !judged.some(({ project }) => project.checked)
      ? []
      : [unjudgedGuardConfig(guardConfig.source, guardConfig.unread)];
  return {
    projects: judged.map(({ project }) => project),
    judged,
    findings: judged.flatMap(({ findings }) => findings),
    preexisting: judged.reduce((sum, { preexisting }) => sum + preexisting, 0),
    notEvaluated: [...ofConfig, ...judged.flatMap(({ notEvaluated = [] }) => notEvaluated)],
    unclaimed: await unclaimed(after, found, guardConfig, context.all ? undefined : target.touched),
    severityOf: ofTarget.severityOf,
    closure: (commit) =>
      only.length > 0 || found.notRun.length > 0 || isUndecided(found, judged)
        ? undefined
        : commitClosure(commit, {
            evaluated: judged.flatMap(({ evaluated = [] }) => evaluated),
            unreadable: found.unreadable,
            lookedFor: [...found.lookedFor, ...(guardConfig.reads ?? [])],
          }),
    ...(judged.length + found.pulling.length === 0 ? { noProject: found.looked } : {}),
  };
}

/** Whether a variable that is not set decides what is read. */
function isUndecided({ unreadable }: Discovered, judged: readonly ProjectVerdict[]): boolean {
  const schemas = judged.flatMap(({ evaluated = [] }) => evaluated.map(({ schema }) => schema));
  return (
    unreadable.some(({ unset }) => unset !== undefined) ||
    schemas.some(({ status }) => status === 'unset')
  );
}

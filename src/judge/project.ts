import { isInOut, whatIsWritten } from '../history/layout.ts';
import type { ProjectState } from '../facts/change.ts';
import { readChange } from '../facts/read-change.ts';
import { historyOf } from '../facts/history-of.ts';
import { readState } from '../facts/state.ts';
import { ignoredPaths } from '../git/worktree/ignored.ts';
import { once } from '../model/once.ts';
import type { ReportedProject } from '../model/report.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { affects, containsAny } from '../relevance/affects.ts';
import { closureOf, ownFiles } from '../relevance/closure.ts';
import { isWithoutMigrations } from '../rules/schema-drift.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { restoresFrom } from '../rules/text/fixes.ts';
import { assertVariables } from '../schema/unset-variables.ts';
import { projectsBefore, violationsBefore } from './before.ts';
import type { ProjectVerdict, TargetContext } from './context.ts';
import { evidenceOf } from './evidence.ts';
import { applyExceptions } from './exceptions.ts';
import { ofNewestState } from './first-push.ts';
import { whatHidesDrift } from './hidden-drift.ts';
import { fixedInSubmodule } from './in-submodule.ts';
import { nameMissingHalf } from './missing-half.ts';
import { narrowedProject } from './narrowed.ts';
import {
  findingsOf,
  splitByBefore,
  violationsOf,
  violationsOfChange,
  type Violation,
} from './new-findings.ts';
import { notesOf } from './notes.ts';
import { isOfAnotherPlace, judgeTwins } from './twins.ts';
import { withoutConsequences } from './one-cause.ts';
import { whetherAffected } from './not-affected.ts';
import { startOf } from './start.ts';
import { unjudged } from './without-evaluation.ts';

/** Judges one project of a tree: its state against the states before, and the change itself. */
export async function judgeProject(
  context: TargetContext,
  project: Project,
): Promise<ProjectVerdict> {
  const { evaluator, target, repository, all, now, severityOf, guardConfig } = context;
  const { touched, after: tree } = target;
  const { verdict: untouched, schema } = await whetherAffected(context, project);
  if (untouched !== undefined) return untouched;
  const isOwn = (path: RepoPath): boolean => isInOut(project.out, path);
  const before = once(() => projectsBefore(context, project));
  const history = historyOf({
    tree,
    project,
    evaluator,
    changed: touched,
    all,
    ...(target.commit === undefined ? {} : { recordedAfter: before }),
  });
  // It is awaited only after git has answered.
  history.catch(() => undefined);
  const readingChange = once(() =>
    readChange({
      repository,
      evaluator,
      tree,
      project,
      history,
      before,
      parents: target.parents.map(({ oid }) => oid),
      changed: touched,
      all,
      published: target.published,
      ...(target.commit === undefined ? {} : { commit: target.commit }),
      newestOnly: target.firstPush === true,
      isFirstProject: context.found.projects[0]?.name === project.name,
      excusedAs: sqlEdited.id,
      said: guardConfig,
      ...(context.withoutReviews === undefined ? {} : { withoutReviews: true }),
      ...(target.mergeTargets === undefined ? {} : { mergeTargets: target.mergeTargets }),
    }),
  );
  // git and drizzle-kit answer this while the schema is compiled.
  if (containsAny(ownFiles(project), touched)) {
    readingChange().catch(() => undefined);
    target.published().catch(() => undefined);
  }
  // Without a new migration the schema probably drifts, and then the schema before is evaluated
  // too.
  if (![...touched].some(isOwn)) hintAtSchemaBefore(context, before);

  const after = await readState({
    tree,
    project,
    evaluator,
    changed: touched,
    all,
    now,
    evaluate: true,
    isCommit: target.commit !== undefined,
    ignored: target.commit !== undefined ? [] : ignoredOf(context, project),
    history,
    ...(schema === undefined ? {} : { schema }),
  });
  const twins = await judgeTwins(context, project, history);
  const closure = closureOf(after);
  const reported = reportedProject(
    after,
    all || [closure, ...twins.evaluated.map(closureOf)].some((one) => affects(one, touched)),
  );
  const verdict: ProjectVerdict = {
    project: reported,
    findings: [],
    preexisting: 0,
    evaluated: [{ project, schema: after.schema }, ...twins.evaluated],
    ...(evaluator.evaluates ? {} : { notEvaluated: unjudged(touched, project) }),
  };
  if (!reported.checked) return verdict;
  for (const one of verdict.evaluated ?? [])
    if (!isOfAnotherPlace(one, project)) assertVariables(one);

  const violations = violationsOf(after);
  const [changeRead, narrowing, violationsThen] = await Promise.all([
    readingChange(),
    before().then((projects) => narrowedProject(context, project, projects)),
    before().then((projects) => violationsBefore(context, projects, after, violations)),
  ]);
  const change = { after, ...changeRead };
  const state = splitByBefore(violations, violationsThen);
  const hiding = evaluator.evaluates
    ? await whatHidesDrift(state.preexisting, after, target, repository)
    : [];
  const complete = await nameMissingHalf(
    context,
    after,
    [...narrowing, ...state.introduced, ...hiding, ...violationsOfChange(change)],
    violationsThen,
  );
  // What the project's own schema has too is one finding.
  const ofTwins = (some: readonly Violation[]): readonly Violation[] =>
    splitByBefore(some, violations).introduced;
  const schemaTouched = affects(
    closure,
    [...touched].filter((path) => !isOwn(path)),
  );
  const { kept, excused } = applyExceptions([...complete, ...ofTwins(twins.introduced)], {
    change,
    config: guardConfig,
    now,
    ...(evaluator.evaluates ? {} : { unevaluated: true }),
  });
  const fresh = withoutConsequences(kept, { severityOf, schemaTouched, excused });
  const { newest, older } =
    target.firstPush === true ? ofNewestState(fresh, after.history) : { newest: fresh, older: [] };
  const introduced = await fixedInSubmodule(newest, tree);
  const preexisting = [
    ...state.preexisting.filter((one) => !hiding.some(({ describe }) => describe === one.describe)),
    ...ofTwins(twins.preexisting),
    ...older,
    // A project that never had migrations is not wrong at every commit.
  ].filter((one) => all || !isWithoutMigrations(one));
  const start =
    all || introduced.length > 0
      ? await startOf(repository, target, await before(), change)
      : undefined;
  const old = all ? findingsOf(preexisting, project.name, severityOf, start) : [];
  context.onEvidence?.(await evidenceOf(tree.name, change, evaluator));
  return {
    ...verdict,
    notEvaluated: [
      ...(verdict.notEvaluated ?? []),
      ...(await notesOf(after, before, evaluator)),
      ...twins.notEvaluated,
    ],
    findings: [
      ...findingsOf(introduced, project.name, severityOf, start),
      ...old.map((finding) => ({
        ...finding,
        // What goes back to where the change starts, goes back to what has it too.
        fix: finding.fix.filter((one) => !restoresFrom(start?.rev, one)),
        preexisting: true as const,
      })),
    ],
    preexisting: preexisting.length,
    introduced,
    ...(start === undefined ? {} : { start }),
    violations,
  };
}

function reportedProject({ project, history }: ProjectState, checked: boolean): ReportedProject {
  const { name, dialect, out } = project;
  return { config: name, dialect, out, migrations: history.migrations.length, checked };
}

function hintAtSchemaBefore(
  { evaluator }: TargetContext,
  before: () => ReturnType<typeof projectsBefore>,
): void {
  before().then(
    (all) => all.forEach(({ tree, project }) => evaluator.hint(tree, project)),
    () => undefined,
  );
}

/**
 * Which files of a migrations folder git ignores or would ignore. Of a commit git cannot be asked:
 * it knows the rules of the working tree alone.
 */
function ignoredOf({ repository }: TargetContext, { out }: Project): Promise<readonly RepoPath[]> {
  // Which layout it is, the history says, which is still being read.
  const both = (['journal', 'folders'] as const).flatMap((layout) => whatIsWritten(out, layout));
  return ignoredPaths(repository, both);
}

import { hasFolders, type ProjectState } from '../facts/change.ts';
import { movedFrom } from '../facts/moved-project.ts';
import type { ProjectBefore } from '../facts/read-change.ts';
import { readState } from '../facts/state.ts';
import { snapshotsRead } from '../history/read.ts';
import type { Project } from '../project/project.ts';
import type { TargetContext } from './context.ts';
import { assertVariables } from '../schema/unset-variables.ts';
import { changedSince } from './grown-drift.ts';
import { narrowed, violationsOf, type Violation } from './new-findings.ts';

/** The project as each tree before has it; without the trees that do not have it. */
export async function projectsBefore(
  context: TargetContext,
  project: Project,
): Promise<readonly ProjectBefore[]> {
  const all = await Promise.all(
    context.parents.map(async (parent) => ({
      project: await projectIn(context, parent, project),
      tree: parent.tree,
      rev: parent.rev,
      ...(parent.oid === undefined ? {} : { oid: parent.oid }),
    })),
  );
  return all.flatMap(({ project: then, ...rest }) =>
    then === undefined ? [] : [{ ...rest, project: then }],
  );
}

/**
 * The project with the same name, else with the same migrations folder, also where the guard's
 * config has left it out so far; else the one that was moved. If its config could not be read
 * before, the present reading is used: repairing a config must not make its whole past new
 * findings.
 */
async function projectIn(
  { target, found }: TargetContext,
  parent: TargetContext['parents'][number],
  project: Project,
): Promise<Project | undefined> {
  const then = await parent.found();
  for (const { projects, unreadable, notRun } of [then, await parent.foundAsNow()]) {
    const same =
      projects.find(({ name }) => name === project.name) ??
      projects.find(({ out }) => out === project.out);
    if (same !== undefined) return same;
    if ([...unreadable, ...notRun].some(({ config }) => config === project.config)) return project;
  }
  return movedFrom({
    project,
    after: target.after,
    foundAfter: found,
    before: parent.tree,
    foundBefore: then,
  });
}

/**
 * What the rules report of the trees before, without the drift that has grown since; the schema is
 * evaluated only if one of the `violations` depends on it.
 */
export async function violationsBefore(
  { evaluator, target, all, now }: TargetContext,
  before: readonly ProjectBefore[],
  after: ProjectState,
  violations: readonly Violation[],
): Promise<readonly Violation[]> {
  if (violations.length === 0) return [];
  const { touched } = target;
  const evaluate = violations.some(({ rule }) => rule.needsSchema === 'always');
  const ignoreChanged = [...touched].some((path) => path.endsWith('.gitignore'));
  const states = await Promise.all(
    before.map(({ tree, project }) =>
      readState({
        tree,
        project,
        evaluator,
        changed: touched,
        all,
        now,
        evaluate,
        ignored: ignoreChanged ? [] : after.ignored,
        also: snapshotsRead(after.history),
        isLifted: hasFolders(after) && after.history.isLifted === true,
      }),
    ),
  );
  states.forEach(assertVariables);
  const known = await Promise.all(
    states.map(async (state) => {
      if (state.drift.status !== 'drift') return violationsOf(state);
      const hasGrown = await changedSince(state, after, () =>
        evaluator.evaluateAgain(target.after, after.project),
      );
      return violationsOf(state).flatMap((one) =>
        narrowed(one, (entity) => entity.kind !== 'schema' || !hasGrown(entity)),
      );
    }),
  );
  return known.flat();
}

import type { ProjectState } from '../facts/change.ts';
import { isFolders } from '../history/history.ts';
import type { ReportedNotEvaluated } from '../model/report.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import { withoutOpen } from '../schema/unset-variables.ts';

/** The project in the trees before. */
type Before = () => Promise<readonly { readonly project: Project }[]>;

/** What is not checked of a project, and what to know of how the rest is. */
export async function notesOf(
  after: ProjectState,
  before: Before,
  evaluator: Pick<Evaluator, 'versionsFor'>,
): Promise<readonly ReportedNotEvaluated[]> {
  return [
    ...(await pushedNotes(after, before)),
    ...(await casingNotes(after, before)),
    ...(await liftedNotes(after, evaluator)),
    ...openNotes(after),
  ];
}

/** Said once, by the change that makes it so. */
async function pushedNotes(
  { project, drift }: ProjectState,
  before: Before,
): Promise<readonly ReportedNotEvaluated[]> {
  if (project.pushed === undefined || drift.status !== 'no-history') return [];
  if ((await before()).some((then) => then.project.pushed === true)) return [];
  const why =
    'its scripts run drizzle-kit push and it has no migrations, so the schema is compared ' +
    'with nothing; from the first migration on it is';
  return [{ config: project.name, why }];
}

/** Of drizzle-kit 1.x, which reads the option no more; said by the change that sets it. */
async function casingNotes(
  { project, kitLayout }: ProjectState,
  before: Before,
): Promise<readonly ReportedNotEvaluated[]> {
  if (project.casing === undefined || kitLayout !== 'folders') return [];
  if ((await before()).some((then) => then.project.casing === project.casing)) return [];
  const why = 'its `casing` has no effect: drizzle-kit 1.x names columns as the schema does';
  return [{ config: project.name, why, checked: true }];
}

/** The same words of each commit of a range, so that a project has them once. */
async function liftedNotes(
  { project, history }: ProjectState,
  evaluator: Pick<Evaluator, 'versionsFor'>,
): Promise<readonly ReportedNotEvaluated[]> {
  if (!isFolders(history) || history.isLifted !== true) return [];
  const installed = (await evaluator.versionsFor(project))?.version ?? '1.x';
  const why =
    'of commits whose own files name an older drizzle-kit, its snapshots are checked as ' +
    `drizzle-kit up of ${installed} would leave them`;
  return [{ config: project.name, why, checked: true }];
}

function openNotes({ project, schema }: ProjectState): readonly ReportedNotEvaluated[] {
  const why = withoutOpen(project, schema);
  return why === undefined ? [] : [{ config: project.name, why }];
}

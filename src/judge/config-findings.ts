import { isInSubmodule, submoduleMissing } from '../git/trees/submodules.ts';
import type { NotRunProject, UnreadableProject } from '../project/project.ts';
import { rule as configUnreadable, unreadableConfig } from '../rules/config-unreadable.ts';
import type { ProjectVerdict, TargetContext } from './context.ts';
import { unjudgedConfig } from './without-evaluation.ts';
import { findingsOf, splitByBefore, type Violation } from './new-findings.ts';
import { folderOf } from '../model/repo-path.ts';
import { variablesMissing } from '../schema/unset-variables.ts';
import { couldMatter, LIKE_A_SCHEMA } from '../relevance/by-name.ts';

/**
 * A config that cannot be read. If it was so before, it refuses only a change near it.
 * @throws GuardError `variable-missing` instead of refusing, and `object-missing` for what is in a
 * submodule that this clone does not have.
 */
export async function judgeUnreadable(
  context: TargetContext,
  project: UnreadableProject,
): Promise<ProjectVerdict> {
  const violation = unreadable(project);
  const before = (await Promise.all(context.parents.map(({ found }) => found()))).flatMap(
    (discovered) =>
      discovered.unreadable.filter(({ name }) => name === project.name).map(unreadable),
  );
  const { introduced, preexisting } = splitByBefore([violation], before);
  await refuseWithoutSubmodule(context, project, introduced.length > 0);
  const folder = project.config.slice(0, project.config.lastIndexOf('/') + 1);
  const near = [...context.target.touched].some(
    (path) => path.startsWith(folder) && couldMatter(path) && LIKE_A_SCHEMA.test(path),
  );
  const violations = near ? [violation] : introduced;
  if (project.unset !== undefined && (context.all || violations.length > 0))
    throw variablesMissing(project.name, {
      variables: project.unset,
      base: folderOf(project.config),
    });
  const findings = findingsOf(violations, project.name, context.severityOf);
  const old =
    context.all && violations.length === 0
      ? findingsOf([violation], project.name, context.severityOf)
      : [];
  return {
    project: {
      config: project.name,
      dialect: 'unknown',
      out: '',
      migrations: 0,
      checked: context.all || violations.length > 0,
    },
    findings: [...findings, ...old.map((finding) => ({ ...finding, preexisting: true as const }))],
    preexisting: violations.length > 0 ? 0 : preexisting.length,
  };
}

/**
 * A project that is in the submodule as a whole is judged in that repository; here only when another
 * commit of it is recorded.
 */
async function refuseWithoutSubmodule(
  { target: { after, touched } }: TargetContext,
  { config, submodule }: UnreadableProject,
  isNew: boolean,
): Promise<void> {
  if (submodule === undefined) return;
  const entries = await after.entries();
  const moved = touched.has(entries.get(submodule)?.submodule ?? submodule);
  if (isNew || moved || !isInSubmodule(config, submodule))
    throw submoduleMissing(entries, submodule, after.name);
}

function unreadable(project: UnreadableProject): Violation {
  return { ...unreadableConfig(project), rule: configUnreadable };
}

/** A config of which nothing is known, as nothing is run: reported if the change is near it. */
export function judgeNotRun(context: TargetContext, project: NotRunProject): ProjectVerdict {
  const reported = {
    config: project.name,
    dialect: 'unknown',
    out: '',
    migrations: 0,
    checked: false,
  } as const;
  return {
    project: reported,
    findings: [],
    preexisting: 0,
    notEvaluated: unjudgedConfig(context.target.touched, project),
  };
}

import type { Discovered } from '../project/discover.ts';
import type { NotRunProject, Project, UnreadableProject } from '../project/project.ts';
import {
  lostConfig,
  rule as configUnreadable,
  unreadableConfig,
} from '../rules/config-unreadable.ts';
import type { ProjectVerdict, TargetContext } from './context.ts';
import { unjudgedConfig } from './without-evaluation.ts';
import { findingsOf, splitByBefore, type Violation } from './new-findings.ts';
import { couldMatter, LIKE_A_SCHEMA } from '../relevance/by-name.ts';

/** A config that cannot be read. If it was so before, it refuses only a change near it. */
export async function judgeUnreadable(
  context: TargetContext,
  project: UnreadableProject,
): Promise<ProjectVerdict> {
  const violation = unreadable(project);
  const before = (await Promise.all(context.parents.map(({ found }) => found()))).flatMap(
    (discovered) =>
      discovered.unreadable.filter(({ config }) => config === project.config).map(unreadable),
  );
  const { introduced, preexisting } = splitByBefore([violation], before);
  const folder = project.config.slice(0, project.config.lastIndexOf('/') + 1);
  const near = [...context.target.touched].some(
    (path) => path.startsWith(folder) && couldMatter(path) && LIKE_A_SCHEMA.test(path),
  );
  const violations = near ? [violation] : introduced;
  const findings = findingsOf(violations, project.config, context.severityOf);
  const old =
    context.all && violations.length === 0
      ? findingsOf([violation], project.config, context.severityOf)
      : [];
  return {
    project: {
      config: project.config,
      dialect: 'unknown',
      out: '',
      migrations: 0,
      checked: context.all || violations.length > 0,
    },
    findings: [...findings, ...old.map((finding) => ({ ...finding, preexisting: true as const }))],
    preexisting: violations.length > 0 ? 0 : preexisting.length,
  };
}

function unreadable(project: UnreadableProject): Violation {
  return { ...unreadableConfig(project), rule: configUnreadable };
}

/** Projects of the trees before whose config this change removes, while their migrations stay. */
export async function lostProjects(
  context: TargetContext,
  found: Discovered,
): Promise<readonly Project[]> {
  const entries = await context.target.after.entries();
  // Of a merge: what either side had. A config that stays may no longer be one: it exports nothing,
  // or is a symlink.
  const gone = [...context.target.touched].some(
    (path) => !entries.has(path) || /config[^/]*$/i.test(path),
  );
  const configured = [...context.target.touched].some((path) =>
    /(?:^|\/)package\.json$|^guard\.config\./.test(path),
  );
  if (!gone && !configured) return [];
  const parents = await Promise.all(context.parents.map(({ found: foundThen }) => foundThen()));
  const known = new Set([
    ...found.projects.flatMap(({ config, alsoConfigs }) => [config, ...alsoConfigs]),
    ...[...found.unreadable, ...found.notRun].map(({ config }) => config),
  ]);
  const outs = new Set(found.projects.map(({ out }) => out));
  const lost = parents
    .flatMap(({ projects }) => projects)
    .filter(
      ({ config, out }) =>
        !known.has(config) && !outs.has(out) && entries.has(`${out}/meta/_journal.json`),
    );
  return [...new Map(lost.map((project) => [project.config, project])).values()];
}

/**
 * A config that the change removes while its migrations stay: nothing would check them any more.
 */
export async function judgeLost(context: TargetContext, project: Project): Promise<ProjectVerdict> {
  const [entries, ...had] = await Promise.all([
    context.target.after.entries(),
    ...context.parents.map(async ({ found, rev }) =>
      (await found()).projects.some(({ config }) => config === project.config) ? rev : undefined,
    ),
  ]);
  const draft = lostConfig(project, {
    isThere: entries.has(project.config),
    rev: had.find((rev) => rev !== undefined) ?? 'HEAD',
  });
  const violation = { ...draft, rule: configUnreadable };
  return {
    project: {
      config: project.config,
      dialect: project.dialect,
      out: project.out,
      migrations: 0,
      checked: true,
    },
    findings: findingsOf([violation], project.config, context.severityOf),
    preexisting: 0,
  };
}

/** A config of which nothing is known, as nothing is run: reported if the change is near it. */
export function judgeNotRun(context: TargetContext, project: NotRunProject): ProjectVerdict {
  const reported = {
    config: project.config,
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

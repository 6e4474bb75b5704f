import type { ReportedNotEvaluated } from '../model/report.ts';
import { type RepoPath, folderOf } from '../model/repo-path.ts';
import type { Discovered } from '../project/discover.ts';
import type { NotRunProject, Project } from '../project/project.ts';
import { containsAny } from '../relevance/affects.ts';
import { ownFiles } from '../relevance/closure.ts';
import { couldMatter, LIKE_A_SCHEMA } from '../relevance/by-name.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import { newestSnapshotVersion } from '../schema/folder-evaluator.ts';

/**
 * An evaluator that runs nothing: no process, no esbuild, no drizzle-kit, no cache. For a repository
 * without node_modules, and for code that anybody may have pushed.
 */
export function openWithoutEvaluation(): Evaluator {
  return {
    evaluates: false,
    hint: () => undefined,
    evaluate: never,
    evaluateAgain: never,
    generate: never,
    snapshotProblems: never,
    evaluateConfig: never,
    layout: never,
    base: never,
    around: never,
    conflicts: never,
    up: never,
    snapshotVersion: newestSnapshotVersion,
    versionsFor: async () => undefined,
    limitTo: () => undefined,
    close: async () => undefined,
  };
}

async function never(): Promise<never> {
  throw new Error('nothing is evaluated here');
}

/**
 * What is not checked of a project that a change touches: its config, its schema files or its
 * migrations. What the schema files import is not known here.
 */
export function unjudged(
  changed: ReadonlySet<RepoPath>,
  project: Project,
): readonly ReportedNotEvaluated[] {
  const { config, name, unread } = project;
  if (
    !containsAny(ownFiles(project), changed) &&
    (unread === undefined || !isNearConfig(changed, config))
  )
    return [];
  const why =
    unread === undefined
      ? 'drizzle-kit does not run here'
      : `the config would have to run: ${unread}`;
  return [
    {
      config: name,
      why: `not checked (${why}): schema drift, and whether the SQL is what drizzle-kit generates`,
    },
  ];
}

/** Of a config of which nothing is known, nothing is checked. */
export function unjudgedConfig(
  changed: ReadonlySet<RepoPath>,
  { config, name, why }: NotRunProject,
): readonly ReportedNotEvaluated[] {
  return isNearConfig(changed, config)
    ? [
        {
          config: name,
          why: `not checked at all (the config would have to run: ${why})`,
        },
      ]
    : [];
}

/** Of the guard's own config: its severities and exceptions are not known. */
export function unjudgedGuardConfig(source: RepoPath, why: string): ReportedNotEvaluated {
  return {
    config: source,
    why:
      `not read (it would have to run: ${why}): each rule has its default severity, and no ` +
      'exception of this file counts',
  };
}

function isNearConfig(changed: ReadonlySet<RepoPath>, config: RepoPath): boolean {
  const folder = folderOf(config);
  return [...changed].some(
    (path) =>
      path === config ||
      ((folder === '' || path.startsWith(`${folder}/`)) &&
        couldMatter(path) &&
        LIKE_A_SCHEMA.test(path)),
  );
}

/**
 * The projects of a tree. If a config would have to be run now, the project is taken as the trees
 * before have it: computing the name of a migrations folder must not take it out of the guard's
 * sight.
 */
export async function withEarlierReadings(
  found: Discovered,
  before: () => Promise<readonly Discovered[]>,
): Promise<Discovered> {
  if (found.notRun.length === 0) return found;
  const earlier = (await before()).flatMap(({ projects }) => projects);
  const known = new Set(found.projects.map(({ out }) => out));
  const again = found.notRun.flatMap(({ name, why }): readonly Project[] => {
    const then = earlier.find((project) => project.name === name);
    return then === undefined || known.has(then.out)
      ? []
      : [{ ...then, alsoConfigs: [], schema: [], schemaFiles: [], unread: why }];
  });
  return {
    ...found,
    projects: [...found.projects, ...again],
    notRun: found.notRun.filter(({ name }) => !again.some((project) => project.name === name)),
  };
}

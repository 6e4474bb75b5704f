import type { RepoPath } from '../model/repo-path.ts';
import type { KitEnvironment, Way } from './kit-environment.ts';
import type { ReadProject } from './read-project.ts';
import { generates, type ScriptCall } from './scripts/script-calls.ts';

/**
 * The ways in which scripts generate with a config, each once; where none generates, the ways in
 * which they run any other command with it.
 */
export function waysOf(config: RepoPath, calls: readonly ScriptCall[]): readonly Way[] {
  const own = calls.filter((call) => call.config === config && call.call.options === undefined);
  const generating = own.filter(generates);
  const ways = new Map<string | undefined, ScriptCall[]>();
  for (const call of generating.length > 0 ? generating : own) {
    const key = JSON.stringify(call.environment);
    ways.set(key, [...(ways.get(key) ?? []), call]);
  }
  if (ways.size === 0) return [{ folders: [] }];
  return Array.from(ways.values(), (same) => ({
    folders: [...new Set([same, generating, own].flatMap(byDepth))],
    environment: same[0]!.environment,
    script: same[0]!.script,
  }));
}

function byDepth(calls: readonly ScriptCall[]): RepoPath[] {
  return calls.map(({ folder }) => folder).sort((a, b) => b.length - a.length);
}

/** What reading a config as one of its ways gave. */
export interface ReadWay {
  readonly way: Way;
  readonly read: ReadProject;
}

/**
 * The projects of one config, each once. Where there are several, each is named by what is set for
 * it and not for all others; never by a value, which may be a secret.
 */
export function distinguished(all: readonly ReadWay[]): readonly ReadProject[] {
  const found = all.filter(({ read }) => read.status !== 'not-a-project');
  const distinct = [
    ...new Map(found.toReversed().map((one) => [keyOf(one.read), one])).values(),
  ].toReversed();
  if (distinct.length < 2) return distinct.map(({ read }) => read);
  const environments = distinct.map(({ way }) => way.environment);
  return distinct.map(({ read, way }) => {
    const differs = ownOf(way.environment, environments);
    switch (read.status) {
      case 'project': {
        const { project } = read;
        const name = named(project.config, [...differs, `out ${project.out}`]);
        return { ...read, project: { ...project, name } };
      }
      case 'unreadable': {
        const name = named(read.unreadable.config, [...differs, `script ${way.script}`]);
        return { ...read, unreadable: { ...read.unreadable, name } };
      }
      case 'not-run': {
        const name = named(read.notRun.config, [...differs, `script ${way.script}`]);
        return { ...read, notRun: { ...read.notRun, name } };
      }
      case 'without-schema': {
        const name = named(read.withoutSchema.config, [...differs, `script ${way.script}`]);
        return { ...read, withoutSchema: { ...read.withoutSchema, name } };
      }
      default:
        return read;
    }
  });
}

/** The name of a project that its config's path does not distinguish. */
export function named(config: RepoPath, by: readonly string[]): string {
  return `${config} (${by.join(', ')})`;
}

/** All that a project is judged by, without what only says how it was found. */
function keyOf(read: ReadProject): string {
  if (read.status !== 'project') return JSON.stringify(read);
  const { environment: _, configReads: __, ...project } = read.project;
  return JSON.stringify(project);
}

/** Names of variables, files and conditions that not all environments have with the same value. */
function ownOf(
  environment: KitEnvironment | undefined,
  all: readonly (KitEnvironment | undefined)[],
): readonly string[] {
  const { variables = {}, files = [], conditions = [] } = environment ?? {};
  return [
    ...Object.keys(variables).filter((name) =>
      all.some((other) => other?.variables[name] !== variables[name]),
    ),
    ...files.filter((file) => all.some((other) => other?.files.includes(file) !== true)),
    ...conditions.filter((name) => all.some((other) => other?.conditions.includes(name) !== true)),
  ];
}

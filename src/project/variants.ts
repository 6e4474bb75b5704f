import type { RepoPath } from '../model/repo-path.ts';
import { NOTHING_SET, type KitEnvironment, type Way } from './kit-environment.ts';
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
    environment: underNpm(same[0]!),
    script: same[0]!.script,
    generates: generates(same[0]!),
  }));
}

/** Every package manager sets these for a script; deno does not for a task. */
function underNpm({ package: file, script, environment }: ScriptCall): KitEnvironment | undefined {
  if (!file.path.endsWith('package.json')) return environment;
  const { name, version } = file;
  return {
    ...(environment ?? NOTHING_SET),
    npm: {
      npm_lifecycle_event: script,
      npm_lifecycle_script: file.scripts.get(script) ?? '',
      ...(name === undefined ? {} : { npm_package_name: name }),
      ...(version === undefined ? {} : { npm_package_version: version }),
    },
  };
}

function byDepth(calls: readonly ScriptCall[]): RepoPath[] {
  return calls.map(({ folder }) => folder).sort((a, b) => b.length - a.length);
}

/** What reading a config as one of its ways gave. */
interface ReadWay {
  readonly way: Way;
  readonly read: ReadProject;
}

/**
 * The projects of one config. Where several scripts give several readings, each is named by what is
 * set for it and not for all others; never by a value, which may be a secret. Where the readings
 * are the same, the first script speaks for all; but the schema may still be another one with each
 * environment, so that each script that generates is a project of its own.
 */
export function distinguished(all: readonly ReadWay[]): readonly ReadProject[] {
  const found = all.filter(({ read }) => read.status !== 'not-a-project');
  const alike = new Map<string, ReadWay[]>();
  for (const one of found) {
    const key = keyOf(one.read);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const environments = found.map(({ way }) => way.environment);
  const ofFirst = Array.from(alike.values(), ([first]) => first?.way.environment);
  return [...alike.values()].flatMap(([first, ...more]) => [
    ...(first === undefined ? [] : [alike.size < 2 ? first.read : renamed(first, ofFirst)]),
    ...more
      .filter(({ way, read }) => way.generates === true && read.status === 'project')
      .map((one) => renamed(one, environments, `script ${one.way.script}`)),
  ]);
}

/** @param last what its name ends with, instead of what its reading has of its own */
function renamed(
  { read, way }: ReadWay,
  environments: readonly (KitEnvironment | undefined)[],
  last?: string,
): ReadProject {
  const differs = ownOf(way.environment, environments);
  const nameOf = ({ config }: { readonly config: RepoPath }): string =>
    named(config, [...differs, last ?? `script ${way.script}`]);
  switch (read.status) {
    case 'project': {
      const { project } = read;
      const name = named(project.config, [...differs, last ?? `out ${project.out}`]);
      return { ...read, project: { ...project, name } };
    }
    case 'unreadable':
      return { ...read, unreadable: { ...read.unreadable, name: nameOf(read.unreadable) } };
    case 'not-run':
      return { ...read, notRun: { ...read.notRun, name: nameOf(read.notRun) } };
    case 'without-schema':
      return {
        ...read,
        withoutSchema: { ...read.withoutSchema, name: nameOf(read.withoutSchema) },
      };
    case 'not-a-project':
      return read;
  }
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

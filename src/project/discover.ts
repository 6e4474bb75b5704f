import { linksOf, readFollowed } from '../git/trees/links.ts';
import { SUBMODULE, type Entry, type Tree } from '../git/trees/tree.ts';
import { type RepoPath, folderOf } from '../model/repo-path.ts';
import { inNodeModules, isConfigName, CONFIG_NAMES } from './config/config-names.ts';
import type { LiteralsMemory } from './config/literals.ts';
import { foldersOf, type Installed } from './files/folders.ts';
import type { GuardConfig } from './guard-config.ts';
import { inferProjects } from './infer-projects.ts';
import { mergeConfigsWithSameOut, withoutOwnSchema } from './merge-configs-with-same-out.ts';
import { parsePackage, type PackageFile } from './scripts/package-file.ts';
import type { NotRunProject, Project, UnreadableProject, WithoutSchema } from './project.ts';
import { notOnlyPulled } from './pulled.ts';
import type { Evaluate } from './kit-environment.ts';
import { readProject, type ReadProject } from './read-project.ts';
import { isDenoConfig, parseDenoTasks } from './scripts/deno-tasks.ts';
import {
  configsNamedIn,
  generates,
  pushedConfigs,
  scriptCallsOf,
  type ScriptCall,
} from './scripts/script-calls.ts';
import { distinguished, waysOf } from './variants.ts';
import { readInline, readOptions } from './without-config.ts';

export interface DiscoverOptions {
  /** Absolute path of the repository's top: evaluated configs may have absolute paths below it. */
  readonly top: string;
  /** The guard's own config of the same tree; its `projects` replace the search. */
  readonly guardConfig?: GuardConfig;
  /** Undefined where nothing can be evaluated. */
  readonly evaluate: Evaluate | undefined;
  /** False: no config is run only to see whether drizzle-kit can load it. */
  readonly loads?: boolean;
  /** What the disk has in `node_modules`; nothing by default. */
  readonly installed?: Installed;
  /** Shared by the caller between trees, so that the same config is read once. */
  readonly memory?: LiteralsMemory;
}

export interface Discovered {
  /** By config path. */
  readonly projects: readonly Project[];
  readonly unreadable: readonly UnreadableProject[];
  /** Configs without a schema, and with no other migration than `drizzle-kit pull` writes. */
  readonly pulling: readonly WithoutSchema[];
  /** Configs of which nothing is known, because nothing is evaluated. */
  readonly notRun: readonly NotRunProject[];
  /**
   * Every config that was searched for, by its name or because something names it, found or not.
   */
  readonly lookedFor: readonly RepoPath[];
  /** For "no project": where the guard looked, one sentence without a full stop. */
  readonly looked: string;
}

/** The folders of the packages that a tree has itself, by name. */
function workspacesIn(
  manifests: readonly RepoPath[],
  bytes: ReadonlyMap<RepoPath, Uint8Array>,
): ReadonlyMap<string, RepoPath> {
  return new Map(
    manifests.flatMap((path): readonly (readonly [string, RepoPath])[] => {
      const content = bytes.get(path);
      const name = content === undefined ? undefined : parsePackage(path, content)?.name;
      return name === undefined ? [] : [[name, folderOf(path)]];
    }),
  );
}

/**
 * The drizzle projects of a tree: `drizzle.config.*`, `drizzle*.config.*` and what package.json
 * scripts pass to drizzle-kit, as `--config` or instead of one, outside node_modules; or exactly those
 * that the guard's config names. One pass over the paths and one read of all configs and package.json files
 * (a second read only for configs of another name). A package.json is parsed only if its text has
 * "drizzle-kit" in it.
 */
export async function discoverProjects(tree: Tree, options: DiscoverOptions): Promise<Discovered> {
  const [entries, links] = await Promise.all([tree.entries(), linksOf(tree)]);
  const { configs, scripts } = sift(entries);
  const wanted = options.guardConfig?.projects;
  const wantedConfigs = wanted?.filter((one) => typeof one === 'string');
  const bytes = new Map(await readFollowed(tree, [...(wantedConfigs ?? configs), ...scripts]));
  let workspaces: ReadonlyMap<string, RepoPath> | undefined;
  const folders = foldersOf(
    entries,
    links,
    (name) => (workspaces ??= workspacesIn(scripts, bytes)).get(name),
    options.installed,
  );
  const files = (
    await Promise.all(scripts.map((path) => scriptsThatRunKit(path, bytes.get(path))))
  ).filter((file) => file !== undefined);
  // A submodule that is not here may have the config that a script runs with.
  const mayBeFile = (path: RepoPath): boolean =>
    folders.isFile(path) || folders.missing(path) !== undefined;
  const calls = files.flatMap((file) => scriptCallsOf(file, mayBeFile));
  const named = new Set(calls.filter(namesConfig).map((call) => call.config));
  const paths = wantedConfigs ?? [
    ...new Set([...configs, ...[...named].filter((path) => !inNodeModules(path))]),
  ];
  const missing = paths.filter((path) => !bytes.has(path));
  if (missing.length > 0)
    for (const [path, content] of await readFollowed(tree, missing)) bytes.set(path, content);

  const reading = {
    evaluate: options.evaluate,
    loads: options.loads ?? true,
    folders,
    top: options.top,
    memory: options.memory ?? new Map(),
    declares: (name: string) =>
      scripts.some((path) => bufferOf(bytes.get(path)).includes(JSON.stringify(name))),
  };
  const ofConfigs = await Promise.all(
    paths.toSorted().map(async (path) => {
      const content = bytes.get(path);
      const entry = entries.get(folders.real(path) ?? path);
      if (content === undefined || entry === undefined) {
        const submodule = folders.missing(path);
        if (submodule !== undefined) return [inMissing(path, submodule, options.evaluate)];
        const message = folders.linkProblem(path);
        return message === undefined ? [] : [unfollowed(path, message)];
      }
      const byNameOnly = wanted === undefined && !named.has(path);
      const all = waysOf(path, calls).map(async (way) => ({
        way,
        read: await readProject({ path, entry, bytes: content, byNameOnly, way }, reading),
      }));
      return distinguished(await Promise.all(all));
    }),
  );
  const source = options.guardConfig?.source ?? '';
  const withoutConfig =
    wanted === undefined
      ? await readOptions(calls, reading)
      : await Promise.all(
          wanted
            .filter((one) => typeof one !== 'string')
            .map((one) => readInline(source, one, reading)),
        );
  const read = [...ofConfigs.flat(), ...withoutConfig];
  const generated = new Set(calls.filter(generates).map((call) => call.config));
  const withoutSchema = read.flatMap((it) =>
    it.status === 'without-schema' ? [it.withoutSchema] : [],
  );
  const {
    projects: known,
    unreadable,
    pulling,
  } = withoutOwnSchema(
    mergeConfigsWithSameOut(
      read.flatMap((it) => (it.status === 'project' ? [it.project] : [])),
      (config) => generated.has(config),
      (config) => named.has(config),
    ),
    await Promise.all(withoutSchema.map((one) => notOnlyPulled(tree, one))),
    (config) => wanted !== undefined || generated.has(config),
  );
  const notRun = read.flatMap((it) => (it.status === 'not-run' ? [it.notRun] : []));
  const pushed = pushedConfigs(calls);
  const inferred = notRun.length === 0 ? [] : await inferProjects(tree, notRun, known);
  return {
    projects: [
      ...known.map((one) => (isPushed(one, pushed) ? { ...one, pushed: true as const } : one)),
      ...inferred,
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    notRun: notRun.filter(({ name }) => !inferred.some((project) => project.name === name)),
    unreadable: [
      ...unreadable,
      ...read.flatMap((it) => (it.status === 'unreadable' ? [it.unreadable] : [])),
    ],
    pulling,
    lookedFor: [...paths, ...files.flatMap(configsNamedIn)],
    looked: lookedAt(options.guardConfig, scripts),
  };
}

function isPushed({ config, alsoConfigs }: Project, pushed: ReadonlySet<RepoPath>): boolean {
  return [config, ...alsoConfigs].every((one) => pushed.has(one));
}

function unfollowed(config: RepoPath, message: string): ReadProject {
  return { status: 'unreadable', unreadable: { config, name: config, message } };
}

function inMissing(
  config: RepoPath,
  submodule: RepoPath,
  evaluate: Evaluate | undefined,
): ReadProject {
  const message = `it is in the submodule ${submodule}, which is not here`;
  const named = { config, name: config };
  return evaluate === undefined
    ? { status: 'not-run', notRun: { ...named, why: message } }
    : { status: 'unreadable', unreadable: { ...named, message, submodule } };
}

/**
 * Files and symlinks, which may lead to files. What is in a submodule is a project of that
 * repository, unless something here names it.
 */
function sift(entries: ReadonlyMap<RepoPath, Entry>): {
  configs: RepoPath[];
  scripts: RepoPath[];
} {
  const configs: RepoPath[] = [];
  const scripts: RepoPath[] = [];
  for (const [path, entry] of entries) {
    if (entry.submodule !== undefined) continue;
    if (path.endsWith('package.json') || path.endsWith('deno.json') || path.endsWith('.jsonc')) {
      if ((isPackage(path) || isDenoConfig(path)) && !inNodeModules(path)) scripts.push(path);
    } else if (isConfigName(path) && entry.mode !== SUBMODULE) configs.push(path);
  }
  return { configs, scripts };
}

function isPackage(path: RepoPath): boolean {
  return path === 'package.json' || path.endsWith('/package.json');
}

async function scriptsThatRunKit(
  path: RepoPath,
  bytes: Uint8Array | undefined,
): Promise<PackageFile | undefined> {
  if (bytes === undefined || !bufferOf(bytes).includes('drizzle-kit')) return undefined;
  return isDenoConfig(path) ? parseDenoTasks(path, bytes) : parsePackage(path, bytes);
}

function bufferOf(bytes: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function namesConfig({ call }: ScriptCall): boolean {
  return call.options === undefined;
}

function lookedAt(guardConfig: GuardConfig | undefined, scripts: readonly RepoPath[]): string {
  if (guardConfig?.projects !== undefined)
    return `looked at the projects that ${guardConfig.source ?? "the guard's config"} names`;
  const packages = scripts.filter(isPackage).length;
  const denos = scripts.length - packages;
  const files = [
    packages === 1 ? '1 package.json' : `${packages} package.json files`,
    ...(denos === 0 ? [] : [denos === 1 ? '1 deno.json' : `${denos} deno.json files`]),
  ];
  return `looked for ${CONFIG_NAMES}, and for drizzle-kit in the scripts of ${files.join(' and ')}`;
}

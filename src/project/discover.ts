import { linksOf, readFollowed } from '../git/trees/links.ts';
import type { Entry, Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { inNodeModules, isConfigName, CONFIG_NAMES } from './config/config-names.ts';
import { foldersOf } from './files/folders.ts';
import type { KitEnvironment } from './kit-environment.ts';
import type { GuardConfig } from './guard-config.ts';
import { inferProjects } from './infer-projects.ts';
import { mergeConfigsWithSameOut } from './merge-configs-with-same-out.ts';
import { parsePackage, type PackageFile } from './scripts/package-file.ts';
import type { NotRunProject, Project, UnreadableProject } from './project.ts';
import {
  readProject,
  type Evaluate,
  type LiteralsMemory,
  type ReadProject,
} from './read-project.ts';
import { configsNamedIn, scriptCallsOf, type ScriptCall } from './scripts/script-calls.ts';

export interface DiscoverOptions {
  /** Absolute path of the repository's top: evaluated configs may have absolute paths below it. */
  readonly top: string;
  /** The guard's own config of the same tree; its `projects` replace the search. */
  readonly guardConfig?: GuardConfig;
  /** Undefined where nothing can be evaluated. */
  readonly evaluate: Evaluate | undefined;
  /** Shared by the caller between trees, so that the same config is read once. */
  readonly memory?: LiteralsMemory;
}

export interface Discovered {
  /** By config path. */
  readonly projects: readonly Project[];
  readonly unreadable: readonly UnreadableProject[];
  /** Configs of which nothing is known, because nothing is evaluated. */
  readonly notRun: readonly NotRunProject[];
  /**
   * Every config that was searched for, by its name or because something names it, found or not.
   */
  readonly lookedFor: readonly RepoPath[];
  /** For "no project": where the guard looked, one sentence without a full stop. */
  readonly looked: string;
}

/**
 * The drizzle projects of a tree: `drizzle.config.*`, `drizzle*.config.*` and what package.json
 * scripts pass to drizzle-kit as `--config`, outside node_modules; or exactly those that the
 * guard's config names. One pass over the paths and one read of all configs and package.json files
 * (a second read only for configs of another name). A package.json is parsed only if its text has
 * "drizzle-kit" in it.
 */
export async function discoverProjects(tree: Tree, options: DiscoverOptions): Promise<Discovered> {
  const [entries, links] = await Promise.all([tree.entries(), linksOf(tree)]);
  const { configs, packages } = sift(entries);
  const wanted = options.guardConfig?.projects;
  const bytes = new Map(await readFollowed(tree, [...(wanted ?? configs), ...packages]));
  const folders = foldersOf(entries, links);
  const files = packages.flatMap((path) => packageThatRunsKit(path, bytes.get(path)));
  const calls = files.flatMap((file) => scriptCallsOf(file, folders.isFile));
  const named = new Set(calls.map((call) => call.config));
  const paths = wanted ?? [
    ...new Set([...configs, ...[...named].filter((path) => !inNodeModules(path))]),
  ];
  const missing = paths.filter((path) => !bytes.has(path));
  if (missing.length > 0)
    for (const [path, content] of await readFollowed(tree, missing)) bytes.set(path, content);

  const reading = {
    evaluate: options.evaluate,
    folders,
    top: options.top,
    memory: options.memory ?? new Map(),
  };
  const read = await Promise.all(
    paths.toSorted().flatMap((path) => {
      const content = bytes.get(path);
      const entry = entries.get(folders.real(path) ?? path);
      if (content === undefined || entry === undefined) {
        const message = folders.linkProblem(path);
        return message === undefined ? [] : [unfollowed(path, message)];
      }
      const byNameOnly = wanted === undefined && !named.has(path);
      return [
        readProject(
          {
            path,
            entry,
            bytes: content,
            byNameOnly,
            scriptFolders: foldersThatRun(path, calls),
            environment: environmentFor(path, calls),
          },
          reading,
        ),
      ];
    }),
  );
  const generated = new Set(calls.filter(generates).map((call) => call.config));
  const known = mergeConfigsWithSameOut(
    read.flatMap((it) => (it.status === 'project' ? [it.project] : [])),
    (config) => generated.has(config),
    (config) => named.has(config),
  );
  const notRun = read.flatMap((it) => (it.status === 'not-run' ? [it.notRun] : []));
  const inferred = notRun.length === 0 ? [] : await inferProjects(tree, notRun, known);
  return {
    projects: [...known, ...inferred].sort((a, b) => (a.config < b.config ? -1 : 1)),
    notRun: notRun.filter(({ config }) => !inferred.some((project) => project.config === config)),
    unreadable: read.flatMap((it) => (it.status === 'unreadable' ? [it.unreadable] : [])),
    lookedFor: [...paths, ...files.flatMap(configsNamedIn)],
    looked: lookedAt(options.guardConfig, packages.length),
  };
}

async function unfollowed(config: RepoPath, message: string): Promise<ReadProject> {
  return { status: 'unreadable', unreadable: { config, message } };
}

/** Files and symlinks, which may lead to files: a submodule is not a config. */
function sift(entries: ReadonlyMap<RepoPath, Entry>): {
  configs: RepoPath[];
  packages: RepoPath[];
} {
  const configs: RepoPath[] = [];
  const packages: RepoPath[] = [];
  for (const [path, entry] of entries) {
    if (path.endsWith('package.json')) {
      if ((path === 'package.json' || path.endsWith('/package.json')) && !inNodeModules(path))
        packages.push(path);
    } else if (isConfigName(path) && entry.mode !== '160000') configs.push(path);
  }
  return { configs, packages };
}

function packageThatRunsKit(path: RepoPath, bytes: Uint8Array | undefined): PackageFile[] {
  if (
    bytes === undefined ||
    !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('drizzle-kit')
  )
    return [];
  const file = parsePackage(path, bytes);
  return file === undefined ? [] : [file];
}

/**
 * The folders from which scripts run drizzle-kit with this config: those that generate first, the
 * deepest first.
 */
function foldersThatRun(config: RepoPath, calls: readonly ScriptCall[]): RepoPath[] {
  const own = calls.filter((call) => call.config === config);
  const sorted = own.toSorted(
    (a, b) => Number(generates(b)) - Number(generates(a)) || b.folder.length - a.folder.length,
  );
  return [...new Set(sorted.map((call) => call.folder))];
}

/** What the script that generates with this config sets; else what any script that names it sets. */
function environmentFor(
  config: RepoPath,
  calls: readonly ScriptCall[],
): KitEnvironment | undefined {
  const own = calls.filter((call) => call.config === config);
  return (own.find(generates) ?? own.find(({ environment }) => environment !== undefined))
    ?.environment;
}

function generates({ call }: ScriptCall): boolean {
  return call.command === 'generate';
}

function lookedAt(guardConfig: GuardConfig | undefined, packages: number): string {
  if (guardConfig?.projects !== undefined)
    return `looked at the projects that ${guardConfig.source ?? "the guard's config"} names`;
  const scripts =
    packages === 1
      ? 'the scripts of 1 package.json'
      : `the scripts of ${packages} package.json files`;
  return `looked for ${CONFIG_NAMES}, and for drizzle-kit's --config in ${scripts}`;
}

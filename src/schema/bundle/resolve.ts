import { once } from '../../model/once.ts';
import { promises as disk } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import type { FileSystem, ResolveContext, Resolver } from 'enhanced-resolve';
import {
  type RepoPath,
  goesThroughModules,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import { installedFile, mayBeMapped, relativeFile, TYPESCRIPT } from './fast-path.ts';
import { nothingLookedAt, type LookedAt } from './trace.ts';
import { nearestTsConfig, mappedPaths, type TsConfig } from './tsconfig.ts';
import { openTreeFileSystem, type ResolverFileSystem } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import { findWorkspacePackage, packageNameOf } from './workspace.ts';

export type Resolved =
  /** A file of the tree: part of the schema closure. */
  | { readonly kind: 'tree'; readonly path: RepoPath }
  /** TypeScript outside the tree (a dependency that ships sources, a folder above the repository): bundled from disk. */
  | { readonly kind: 'disk'; readonly path: string }
  /** An installed dependency: required when the schema is evaluated. */
  | { readonly kind: 'external'; readonly path: string }
  | { readonly kind: 'builtin' }
  /** `onDisk`: the file lies in the working folder and is not recorded in the tree. */
  | { readonly kind: 'missing'; readonly onDisk: boolean };

export interface SchemaResolver {
  /** Resolves what a file (absolute path) imports. */
  resolve(specifier: string, importer: string): Promise<Resolved>;
  /** The tsconfig that holds where drizzle-kit is run. */
  readonly tsconfig: TsConfig | undefined;
  /** Repository paths that decided how imports resolve: read, or looked for and not found. */
  readonly consulted: Set<RepoPath>;
  /** The same with folders, and what lies outside the tree. */
  readonly looked: LookedAt;
}

/** As drizzle-kit's tsx requires a file: node's own conditions for `require`, then those of a module. */
const CONDITIONS = [
  ['node', 'require', 'module-sync', 'node-addons', 'default'],
  ['node', 'import', 'module-sync', 'default'],
];
/** tsx's order (measured with 4.21); it does not look for the last four, but esbuild-register in older kits did. */
const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.json', '.node', '.mts', '.cts', '.mjs', '.cjs'];
const ALIASES = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.jsx', '.js'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/**
 * A resolver over a tree. `top`: absolute real path of the repository; `base`: the folder that drizzle-kit is run from.
 * Dependencies are looked for on disk from where the importing file lies.
 */
export async function openResolver(
  reader: TreeReader,
  top: string,
  base: RepoPath,
): Promise<SchemaResolver> {
  const { fileSystem, locate, realFile, realRoots, followed } = openTreeFileSystem(reader, top);
  const consulted = new Set<RepoPath>();
  const looked = nothingLookedAt();
  const answers = new Map<string, Promise<Resolved>>();

  const overTree = once(() => makeResolvers(fileSystem));
  const overDisk = once(() => makeResolvers(diskFileSystem));

  const consultTree = (path: RepoPath): void => {
    looked.tree.add(path);
    if (path !== '' && !reader.hasFolder(path)) consulted.add(path);
  };
  /** A path through a link of `node_modules` back into the repository is the tree's. */
  const consult = (paths: Iterable<string>, onDisk = false): void => {
    for (const path of paths) {
      const place = locate(path);
      if (place.from === 'tree') consultTree(place.path);
      if (place.from === 'disk' || onDisk) looked.disk.add(path);
    }
    for (const root of realRoots.keys()) looked.links.add(root);
    for (const path of followed) consultTree(path);
  };

  const readText = async (path: string): Promise<string | undefined> => {
    consult([path]);
    const place = locate(path);
    if (place.from === 'disk') return disk.readFile(place.path, 'utf8').catch(() => undefined);
    consulted.add(place.path);
    const real = await realFile(place.path);
    return real === undefined ? undefined : reader.readText(real);
  };

  const tsconfig = await nearestTsConfig(top, base, readText);
  const tsconfigs = new Map<RepoPath, Promise<TsConfig | undefined>>([
    [base, Promise.resolve(tsconfig)],
  ]);
  const tsconfigOf = (folder: RepoPath): Promise<TsConfig | undefined> => {
    let found = tsconfigs.get(folder);
    if (found === undefined)
      tsconfigs.set(folder, (found = nearestTsConfig(top, folder, readText)));
    return found;
  };

  const attempt = async (
    resolvers: () => Promise<readonly Resolver[]>,
    folder: string,
    specifier: string,
  ): Promise<string | undefined> => {
    for (const resolver of await resolvers()) {
      const context = {
        fileDependencies: new Set<string>(),
        missingDependencies: new Set<string>(),
      };
      const found = await promised(resolver, folder, specifier, context);
      consult(context.fileDependencies, resolvers === overDisk);
      consult(context.missingDependencies, resolvers === overDisk);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const classify = async (path: string): Promise<Resolved> => {
    const place = locate(path);
    consult([path]);
    if (place.from === 'tree') {
      const real = await realFile(place.path);
      consult([]);
      return real === undefined ? { kind: 'missing', onDisk: false } : { kind: 'tree', path: real };
    }
    return TYPESCRIPT.test(path) || !goesThroughModules(path)
      ? { kind: 'disk', path }
      : { kind: 'external', path };
  };

  const viaTsConfig = async (
    config: TsConfig | undefined,
    folder: string,
    specifier: string,
  ): Promise<string | undefined> => {
    for (const candidate of config === undefined ? [] : mappedPaths(config, specifier)) {
      const found = await attempt(overTree, folder, candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  /** A workspace package that is not linked on disk (nothing installed since it was added). */
  const viaWorkspace = async (specifier: string): Promise<string | undefined> => {
    const name = packageNameOf(specifier);
    looked.packages = true;
    const home = name === undefined ? undefined : await findWorkspacePackage(reader, name);
    if (name === undefined || home === undefined) return undefined;
    const folder = toAbsolute(top, home);
    return (
      (await attempt(overTree, folder, specifier)) ??
      (await attempt(overTree, folder, `.${specifier.slice(name.length)}`))
    );
  };

  const find = async (specifier: string, importer: string): Promise<Resolved> => {
    const folder = dirname(importer);
    const relative = /^\.\.?(?:\/|$)/.test(specifier) || isAbsolute(specifier);
    const inside = toRepoPath(top, folder);
    const own = inside !== undefined && !goesThroughModules(inside);
    const near = own ? relativeFile(reader, inside, specifier) : undefined;
    if (near !== undefined) {
      for (const path of near.missed) consultTree(path);
      return { kind: 'tree', path: near.path };
    }
    if (own && !relative && !mayBeMapped(reader, top, tsconfig, specifier)) {
      for (const candidate of tsconfig === undefined ? [] : mappedPaths(tsconfig, specifier))
        consult(formsOf(candidate));
      looked.resolutions.set(`${folder}\0${specifier}`, [folder, specifier]);
      const installed = installedFile(specifier, folder);
      if (installed !== undefined) return { kind: 'external', path: installed };
    }
    const mapped = relative || !own ? undefined : await viaTsConfig(tsconfig, folder, specifier);
    const found = mapped ?? (await attempt(overTree, folder, specifier));
    if (found !== undefined) return classify(found);
    if (relative || !own)
      return {
        kind: 'missing',
        onDisk: relative && (await attempt(overDisk, folder, specifier)) !== undefined,
      };
    const nearest = await viaTsConfig(await tsconfigOf(inside), folder, specifier);
    if (nearest !== undefined) return classify(nearest);
    // A linked workspace package whose entry is built (and so not recorded): it is taken as it lies on disk.
    const built = await attempt(overDisk, folder, specifier);
    if (built !== undefined)
      return TYPESCRIPT.test(built)
        ? { kind: 'missing', onDisk: true }
        : { kind: 'external', path: built };
    const workspace = await viaWorkspace(specifier);
    return workspace === undefined ? { kind: 'missing', onDisk: false } : classify(workspace);
  };

  return {
    tsconfig,
    consulted,
    looked,
    resolve: (specifier, importer) => {
      if (isBuiltin(specifier)) return Promise.resolve({ kind: 'builtin' });
      const key = `${dirname(importer)}\0${specifier}`;
      let answer = answers.get(key);
      if (answer === undefined) answers.set(key, (answer = find(specifier, importer)));
      return answer;
    },
  };
}

/** What could stand where an alias leads, as `mayBeMapped` looks for it. */
function formsOf(candidate: string): readonly string[] {
  const plain = candidate.replace(/\.\w+$/, '');
  return [
    candidate,
    plain,
    ...EXTENSIONS.flatMap((ending) => [`${candidate}${ending}`, `${plain}${ending}`]),
  ];
}

async function makeResolvers(over: ResolverFileSystem): Promise<readonly Resolver[]> {
  const { default: enhanced } = await import('enhanced-resolve');
  const options = {
    extensions: EXTENSIONS,
    extensionAlias: ALIASES,
    mainFields: ['main'],
    symlinks: true,
    unsafeCache: false,
  };
  // Its types ask for every overload of node's functions; it calls them with a path and a callback.
  const fileSystem = over as unknown as FileSystem;
  return CONDITIONS.map((conditionNames) =>
    enhanced.ResolverFactory.createResolver({ ...options, conditionNames, fileSystem }),
  );
}

const diskFileSystem: ResolverFileSystem = {
  stat: (path, answer) => void disk.stat(path).then((it) => answer(null, it), answer),
  readFile: (path, answer) => void disk.readFile(path).then((it) => answer(null, it), answer),
  readdir: (path, answer) => void disk.readdir(path).then((it) => answer(null, it), answer),
  readlink: (path, answer) => void disk.readlink(path).then((it) => answer(null, it), answer),
};

function promised(
  resolver: Resolver,
  folder: string,
  specifier: string,
  context: ResolveContext,
): Promise<string | undefined> {
  return new Promise((answer) => {
    resolver.resolve({}, folder, specifier, context, (error, path) =>
      answer(error || typeof path !== 'string' ? undefined : path),
    );
  });
}

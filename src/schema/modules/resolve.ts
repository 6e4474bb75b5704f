import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type RepoPath,
  goesThroughModules,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import {
  modulesFrom,
  nodeResolve,
  type Look,
  type NodeFound,
  type NotFound,
} from './node-resolve.ts';
import {
  conditionsOf,
  extensionsOf,
  firstExported,
  isPath,
  looksForTypeScript,
  tsxResolve,
  type KitLoader,
} from './tsx-resolve.ts';
import { mappedPaths, nearestTsConfig, type TsConfig } from './tsconfig.ts';
import {
  nothingIgnored,
  openTreeFileSystem,
  type Ignores,
  type TreeFileSystem,
} from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import { findWorkspacePackage, packageNameOf } from './workspace.ts';

export type Resolved =
  /** A file of the tree: part of the schema closure. */
  | { readonly kind: 'tree'; readonly path: RepoPath }
  /**
   * TypeScript outside the tree (a dependency that ships sources), and what git ignores: compiled
   * from the disk.
   */
  | { readonly kind: 'disk'; readonly path: string }
  /** An installed dependency: required when the schema is evaluated. */
  | { readonly kind: 'external'; readonly path: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | Missing;

export interface Missing extends Pick<NotFound, 'code' | 'package'> {
  readonly kind: 'missing';
  /** The file is in the working folder but not in the tree. */
  readonly onDisk: boolean;
  /** Where it would be in the tree, with or without extension. */
  readonly meant?: readonly RepoPath[];
}

export interface SchemaResolver {
  /** Resolves what a file (absolute path) requires or imports, as the project's drizzle-kit does. */
  resolve(specifier: string, importer: string): Promise<Resolved>;
  /** The tsconfig of where drizzle-kit is run. */
  readonly tsconfig: TsConfig | undefined;
  readonly loader: KitLoader;
  readonly files: TreeFileSystem;
}

interface ResolverOptions {
  readonly loader?: KitLoader;
  /** Conditions of module resolution, besides node's own. */
  readonly conditions?: readonly string[];
  readonly ignores?: Ignores;
}

/** One import of a file. */
interface Import {
  readonly request: string;
  /** The folder of the importing file, absolute. */
  readonly folder: string;
  /** See `looksForTypeScript`. */
  readonly typescript: boolean;
}

const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;

/**
 * A resolver over a tree. `top`: absolute real path of the repository; `base`: the folder that
 * drizzle-kit is run from. Dependencies are found on disk, from the folder of the importing file.
 */
export async function openResolver(
  reader: TreeReader,
  top: string,
  base: RepoPath,
  { loader = 'tsx', conditions = [], ignores = nothingIgnored }: ResolverOptions = {},
): Promise<SchemaResolver> {
  const files = openTreeFileSystem(reader, top);
  const isIgnored = async (path: string): Promise<boolean> => {
    const below = toRepoPath(top, path);
    return below !== undefined && !goesThroughModules(below) && ignores(below);
  };
  const tsconfigOf = once((folder) =>
    nearestTsConfig(top, folder, {
      text: files.readText,
      generated: async (path) =>
        (await isIgnored(path)) ? { text: await files.readDisk(path) } : undefined,
    }),
  );
  const tsconfig = await tsconfigOf(base);

  const extensions = extensionsOf(loader);
  const allConditions = conditionsOf(loader, conditions);
  const over = (look: Look): ((one: Import) => Promise<NodeFound>) => {
    const node = firstExported(
      allConditions.map((one) => nodeResolve(look, { extensions, conditions: one })),
    );
    const [plain, typed] = [tsxResolve(node, false), tsxResolve(node, true)];
    return ({ request, folder, typescript }) => (typescript ? typed : plain)(request, folder);
  };
  const inTree = over(files.overTree);
  const onDisk = over(files.overDisk);

  const taken = (path: string): Resolved => {
    const at = files.locate(path);
    if (at.from === 'tree') return { kind: 'tree', path: at.path };
    return TYPESCRIPT.test(path) || !goesThroughModules(path)
      ? { kind: 'disk', path }
      : { kind: 'external', path };
  };
  const generated = async (path: string): Promise<Resolved> =>
    (await isIgnored(path)) ? { kind: 'disk', path } : { ...NOWHERE, onDisk: true };

  /** Where the tsconfig's `paths` and `baseUrl` lead. */
  const aliased = async ({ request, folder }: Import): Promise<readonly string[]> => {
    if (isPath(request) || goesThroughModules(folder)) return [];
    const below = toRepoPath(top, folder);
    const config = loader === 'bun' && below !== undefined ? await tsconfigOf(below) : tsconfig;
    return config === undefined ? [] : mappedPaths(config, request);
  };

  /** What the tsconfig says comes before everything else. */
  const mapped = async (one: Import): Promise<Resolved | undefined> => {
    for (const request of await aliased(one)) {
      const found = await inTree({ ...one, request });
      if ('path' in found) return taken(found.path);
      const other = await onDisk({ ...one, request });
      if ('path' in other && (await isIgnored(other.path)))
        return { kind: 'disk', path: other.path };
    }
    return undefined;
  };

  /**
   * A file that git ignores, or a linked workspace package whose entry is built, and so not
   * committed.
   */
  const built = async (one: Import): Promise<Resolved | undefined> => {
    const below = toRepoPath(top, one.folder);
    if (below === undefined || goesThroughModules(below)) return undefined;
    const found = await onDisk(one);
    if (!('path' in found)) return undefined;
    return isPath(one.request) || TYPESCRIPT.test(found.path)
      ? generated(found.path)
      : { kind: 'external', path: found.path };
  };

  /** @param target what a package.json names */
  const lacking = async (one: Import, target?: string): Promise<Missing> => {
    const named = isPath(one.request) ? [resolve(one.folder, one.request)] : await aliased(one);
    const places = (target === undefined ? named : [target]).map((path) => files.locate(path));
    return { ...NOWHERE, meant: places.flatMap((at) => (at.from === 'tree' ? at.path : [])) };
  };

  /** A workspace package that is not linked on disk: nothing was installed since it was added. */
  const notLinked = async (one: Import): Promise<Resolved | undefined> => {
    const name = isPath(one.request) ? undefined : packageNameOf(one.request);
    const home = name === undefined ? undefined : await findWorkspacePackage(reader, name);
    if (name === undefined || home === undefined || home === '') return undefined;
    const places = modulesFrom(one.folder).map((modules) => join(modules, name));
    if (places.some((place) => files.overDisk.kind(place) !== undefined)) return undefined;
    const folder = toAbsolute(top, home);
    const itself = await inTree({ ...one, folder });
    if ('path' in itself) return taken(itself.path);
    if ('code' in itself && itself.code !== 'MODULE_NOT_FOUND') return undefined;
    const found = await inTree({ ...one, request: join(folder, one.request.slice(name.length)) });
    if ('path' in found) return taken(found.path);
    const [target] = [itself, found].flatMap((no) => ('code' in no ? (no.target ?? []) : []));
    return target === undefined ? undefined : lacking(one, target);
  };

  const find = async (one: Import): Promise<Resolved> => {
    const byConfig = await mapped(one);
    if (byConfig !== undefined) return byConfig;
    if (isBuiltin(one.request)) return { kind: 'builtin', name: one.request };
    const found = await inTree(one);
    if ('path' in found) return taken(found.path);
    if ('builtin' in found) return { kind: 'builtin', name: found.builtin };
    if (found.code !== 'MODULE_NOT_FOUND') return { ...found, kind: 'missing', onDisk: false };
    return (await built(one)) ?? (await notLinked(one)) ?? lacking(one, found.target);
  };

  const answers = new Map<string, Promise<Resolved>>();
  return {
    files,
    tsconfig,
    loader,
    resolve: (specifier, importer) => {
      if (specifier.startsWith('node:'))
        return Promise.resolve({ kind: 'builtin', name: specifier });
      const folder = dirname(importer);
      const allowJs = tsconfig?.allowJs === true;
      const typescript = looksForTypeScript(loader, importer, allowJs);
      const key = `${folder}\0${typescript}\0${specifier}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        const request = requestOf(specifier);
        answers.set(key, (answer = find({ request, folder, typescript })));
      }
      return answer;
    },
  };
}

const NOWHERE: Missing = { kind: 'missing', code: 'MODULE_NOT_FOUND', onDisk: false };

/** tsx takes a URL of a file for its path, and what follows a `?` for nothing. */
function requestOf(specifier: string): string {
  const path = specifier.startsWith('file://') ? fileURLToPath(specifier) : specifier;
  return path.split('?')[0] ?? '';
}

function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = ask(key)));
    return answer;
  };
}

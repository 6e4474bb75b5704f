import { isBuiltin } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { jsonRecord } from '../../model/unknown.ts';
import { packageTarget } from './package-targets.ts';

/** What a file system has, symlinks followed. Paths are absolute, in the platform's style. */
export interface Look {
  kind(path: string): 'file' | 'folder' | undefined;
  /** The path without symlinks; of a file or folder that is there. */
  real(path: string): string;
  text(path: string): Promise<string | undefined>;
}

export type NodeFound = { readonly path: string } | { readonly builtin: string } | NotFound;

export interface NotFound {
  /** Node's own code. */
  readonly code:
    | 'MODULE_NOT_FOUND'
    | 'ERR_PACKAGE_PATH_NOT_EXPORTED'
    | 'ERR_PACKAGE_IMPORT_NOT_DEFINED';
  /** What a package.json names and is not there; absolute. */
  readonly target?: string;
  /** The folder of the package that does not export it. */
  readonly package?: string;
}

/** Resolves a request from a folder (absolute). */
export type Resolve = (request: string, folder: string) => Promise<NodeFound>;

interface NodeRules {
  /** What is tried behind a name without extension, in order: the keys of `require.extensions`. */
  readonly extensions: readonly string[];
  readonly conditions: ReadonlySet<string>;
}

type Manifest = Readonly<Record<string, unknown>>;

export const NOT_FOUND: NotFound = { code: 'MODULE_NOT_FOUND' };
const PACKAGE = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/;

/**
 * Node's `require.resolve` over a file system: `Module._resolveFilename` and `Module._findPath` of
 * lib/internal/modules/cjs/loader.js (node 20 and 22), without NODE_PATH and the folders of the home
 * directory.
 */
export function nodeResolve(look: Look, { extensions, conditions }: NodeRules): Resolve {
  const manifests = new Map<string, Promise<Manifest | undefined>>();
  const manifestIn = (folder: string): Promise<Manifest | undefined> => {
    let manifest = manifests.get(folder);
    if (manifest === undefined) manifests.set(folder, (manifest = readManifest(look, folder)));
    return manifest;
  };

  const file = (path: string): string | undefined =>
    look.kind(path) === 'file' ? look.real(path) : undefined;
  const withExtension = (path: string): string | undefined => {
    for (const extension of extensions) {
      const found = file(`${path}${extension}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const index = (folder: string): string | undefined => withExtension(join(folder, 'index'));

  const folderMain = async (folder: string): Promise<NodeFound> => {
    const main = (await manifestIn(folder))?.['main'];
    if (typeof main !== 'string' || main === '') return foundOr(index(folder), NOT_FOUND);
    const target = resolve(folder, main);
    const path = file(target) ?? withExtension(target) ?? index(target) ?? index(folder);
    return foundOr(path, { ...NOT_FOUND, target });
  };

  const fileOrFolder = async (base: string, slash: boolean): Promise<NodeFound> => {
    const path = slash ? undefined : (file(base) ?? withExtension(base));
    if (path !== undefined) return { path };
    return look.kind(base) === 'folder' ? folderMain(base) : NOT_FOUND;
  };

  /** The package.json that a file in a folder belongs to. */
  const scopeOf = async (
    folder: string,
  ): Promise<{ readonly folder: string; readonly manifest: Manifest } | undefined> => {
    for (let at = folder; basename(at) !== 'node_modules'; at = dirname(at)) {
      const manifest = await manifestIn(at);
      if (manifest !== undefined) return { folder: at, manifest };
      if (dirname(at) === at) break;
    }
    return undefined;
  };

  const exported = (folder: string, { exports }: Manifest, subpath: string): NodeFound => {
    const target = packageTarget(exports, subpath, conditions);
    if (target === undefined)
      return { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED', package: look.real(folder) };
    const path = resolve(folder, target);
    return foundOr(file(path), { ...NOT_FOUND, target: path });
  };

  const imported = async (request: string, from: string): Promise<NodeFound | undefined> => {
    const scope = await scopeOf(from);
    const imports = scope?.manifest['imports'];
    if (scope === undefined || imports === undefined || imports === null) return undefined;
    const target = packageTarget(imports, request, conditions);
    if (target === undefined) return { code: 'ERR_PACKAGE_IMPORT_NOT_DEFINED' };
    if (isBuiltin(target)) return { builtin: target };
    if (!target.startsWith('./')) return find(target, scope.folder);
    const path = resolve(scope.folder, target);
    return foundOr(file(path), { ...NOT_FOUND, target: path });
  };

  /** A package may name itself, if it has `exports`. */
  const itself = async (request: string, from: string): Promise<NodeFound | undefined> => {
    const scope = await scopeOf(from);
    const name = scope?.manifest['name'];
    if (scope === undefined || typeof name !== 'string' || !hasExports(scope.manifest)) return;
    if (request !== name && !request.startsWith(`${name}/`)) return undefined;
    return exported(scope.folder, scope.manifest, `.${request.slice(name.length)}`);
  };

  const inModules = async (request: string, folder: string): Promise<NodeFound> => {
    const [, name = '', sub = ''] = PACKAGE.exec(request) ?? [];
    for (const modules of modulesFrom(folder)) {
      if (look.kind(modules) !== 'folder') continue;
      const home = join(modules, name);
      const manifest = name === '' ? undefined : await manifestIn(home);
      if (manifest !== undefined && hasExports(manifest))
        return exported(home, manifest, `.${sub}`);
      const found = await fileOrFolder(resolve(modules, request), request.endsWith('/'));
      if (!('code' in found) || found.target !== undefined) return found;
    }
    return NOT_FOUND;
  };

  const find: Resolve = async (request, folder) => {
    const slash = /(?:^|\/)\.{0,2}$/.test(request);
    if (isAbsolute(request)) return fileOrFolder(resolve(request), slash);
    if (/^\.\.?(?:\/|$)/.test(request)) return fileOrFolder(resolve(folder, request), slash);
    if (request.startsWith('#')) {
      const found = await imported(request, folder);
      if (found !== undefined) return found;
    }
    return (await itself(request, folder)) ?? inModules(request, folder);
  };
  return find;
}

function foundOr(path: string | undefined, otherwise: NotFound): NodeFound {
  return path === undefined ? otherwise : { path };
}

function hasExports({ exports }: Manifest): boolean {
  return exports !== undefined && exports !== null;
}

async function readManifest(look: Look, folder: string): Promise<Manifest | undefined> {
  const path = join(folder, 'package.json');
  const text = look.kind(path) === 'file' ? await look.text(path) : undefined;
  return text === undefined ? undefined : (jsonRecord(text) ?? {});
}

/** The `node_modules` folders that node searches from a folder. */
export function modulesFrom(folder: string): readonly string[] {
  const all: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (basename(at) !== 'node_modules') all.push(join(at, 'node_modules'));
    if (dirname(at) === at) return all;
  }
}

import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { goesThroughModules, toRepoPath } from '../../../model/repo-path.ts';
import { compile } from '../../kit/foreign-module.ts';
import { foundKey, type Code, type Compiled, type Found } from '../protocol.ts';
import { NotCompiled } from './failure.ts';
import { askModule, askWhere } from './question.ts';
import { within } from './within.ts';

/**
 * Node's own `require`, as tsx has it in drizzle-kit: what is below the top of the repository is
 * the judged tree's, and an installed ES module is compiled to CommonJS.
 */
export interface ModuleLoader {
  /** From now on; `top` is the absolute real path of the repository. */
  serve(top: string, code: Code): void;
  restore(): void;
  /** How long the guard waits for what is required from now on, in milliseconds. */
  limitTo(timeLimit: number): void;
  /** The exports of a file that drizzle-kit requires. */
  require(path: string): unknown;
  /** Whether a module is compiled from text that the guard has read, and so knows of. */
  isServed(path: string): boolean;
}

type Parent = { readonly filename?: string | null } | null | undefined;
type Extension = (module: Module, filename: string) => unknown;
interface Loader {
  _load: (request: string, parent: Parent, isMain: boolean) => unknown;
  _resolveFilename: (request: string, parent: Parent, ...rest: unknown[]) => string;
  readonly _extensions: Record<string, Extension>;
}

/** What the guard has to kill this process. */
const A_SECOND = 1000;
const TYPESCRIPT = /\.(?:[cm]?ts|[tj]sx)$/;
/** Rarely in other code; what is none is compiled to what it is. */
const MODULE_SYNTAX = /(?:^|[;}]|\*\/)\s*(?:import|export)\b\s*[\w{*'"]/m;
const OF_DRIZZLE = /[\\/]node_modules[\\/]drizzle-(?:orm|kit)[\\/]/;

/**
 * Replaces node's resolving and its loading of files for everyone in this process.
 * @param loading runs what loads an installed package, whose files are the disk's
 */
export function openLoader(loading: <T>(run: () => T) => T): ModuleLoader {
  const loader = Module as unknown as Loader;
  let served:
    | {
        readonly top: string;
        readonly modules: Map<string, Compiled>;
        readonly found: Map<string, Found>;
      }
    | undefined;
  const ofTree = new Set<string>();
  let limit = A_SECOND;

  const isOurs = (path: string): boolean =>
    served !== undefined &&
    (TYPESCRIPT.test(path) ||
      (!goesThroughModules(path) &&
        (served.modules.has(path) || toRepoPath(served.top, path) !== undefined)));

  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, parent, ...rest) => {
    const from = parent?.filename;
    if (served?.modules.has(request) === true && isAbsolute(request)) return request;
    const options = rest[1];
    if (served === undefined || typeof from !== 'string' || options !== undefined)
      return resolve.call(Module, request, parent, ...rest);
    if (!isOurs(from)) {
      try {
        return resolve.call(Module, request, parent, ...rest);
      } catch (error) {
        if (!isNotExported(error)) throw error;
        // An installed ES module that is compiled here may import what is for `import` alone.
        const found = askWhere(request, from);
        if ('path' in found) return found.path;
        throw error;
      }
    }
    const key = foundKey(from, request);
    let found = served.found.get(key);
    if (found === undefined) {
      const answer = askWhere(request, from);
      if ('kind' in answer) throw new Error(answer.message);
      served.found.set(key, (found = answer));
    }
    if ('path' in found) return found.path;
    if ('builtin' in found) return found.builtin;
    throw Object.assign(new Error(`Cannot find module '${request}'\nRequire stack:\n- ${from}`), {
      code: found.code,
      requireStack: [from],
      specifier: request,
    });
  };

  /** A file as node runs it; undefined for one that node loads as it is. */
  const compiledAt = (path: string): Compiled | undefined => {
    if (served === undefined || OF_DRIZZLE.test(path)) return undefined;
    const known = served.modules.get(path);
    if (known !== undefined) return known;
    if (!isOurs(path) && !isModule(path)) return undefined;
    const compiled = askModule(path);
    if (compiled.kind === 'unknown') throw new Error(compiled.message);
    served.modules.set(path, compiled);
    return compiled;
  };

  const extended =
    (original: Extension): Extension =>
    (module, filename) => {
      const compiled = compiledAt(filename);
      if (compiled === undefined || compiled.kind === 'native')
        return loading(() => original(module, filename));
      if (!goesThroughModules(filename)) ofTree.add(filename);
      if (compiled.kind === 'broken') throw new NotCompiled(compiled.message, filename);
      if (compiled.kind === 'json') module.exports = JSON.parse(compiled.text);
      else compile(module, compiled.text, filename);
      return undefined;
    };
  const extensions = loader._extensions;
  const ofNode = extensions['.js']!;
  const known = Object.keys(extensions).filter((name) => name !== '.node');
  for (const name of new Set([...known, '.ts', '.tsx', '.jsx']))
    extensions[name] = extended(extensions[name] ?? ofNode);
  // A name without extension is not tried with this one.
  Object.defineProperty(extensions, '.mjs', {
    value: extended(ofNode),
    configurable: true,
    writable: true,
  });
  const own = Object.getOwnPropertyDescriptors(extensions);

  return {
    serve: (top, { modules, found }) => {
      served = { top, modules: new Map(modules), found: new Map(found) };
      ofTree.clear();
    },
    restore: () => {
      served = undefined;
      // A schema may have added others.
      for (const name of Object.keys(extensions)) delete extensions[name];
      Object.defineProperties(extensions, own);
    },
    limitTo: (timeLimit) => void (limit = timeLimit + A_SECOND),
    require: (path) => within(limit, () => loader._load(path, require.main, false)),
    isServed: (path) => ofTree.has(path),
  };
}

function isNotExported(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
}

const types = new Map<string, boolean>();

/** Whether an installed file is an ES module: by its extension, its package.json or its text. */
function isModule(path: string): boolean {
  const extension = extname(path);
  if (extension !== '.js') return extension === '.mjs';
  return isOfModulePackage(dirname(path)) || MODULE_SYNTAX.test(readFileSync(path, 'utf8'));
}

function isOfModulePackage(folder: string): boolean {
  let answer = types.get(folder);
  if (answer === undefined) types.set(folder, (answer = readType(folder)));
  return answer;
}

function readType(folder: string): boolean {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof json === 'object' && json !== null && Reflect.get(json, 'type') === 'module';
  } catch {
    const above = dirname(folder);
    return above !== folder && !folder.endsWith('node_modules') && isOfModulePackage(above);
  }
}

import Module, { isBuiltin } from 'node:module';
import { types } from 'node:util';
import type { Accesses } from '../protocol.ts';
import { isLeftAlone } from './placeholders.ts';

/** Records which environment variables and modules the code uses; what it gets is not changed. */
export interface Recorder {
  /** Forgets what was recorded. */
  begin(): void;
  /** The same variables, with each read recorded. */
  environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /**
   * The values of variables that may be known, by name: all of an environment that was listed, and
   * what was set.
   */
  seen(): ReadonlyMap<string, ReadonlySet<string>>;
  /** What was done with the last environment. */
  latest(): {
    /** Names of variables, the one that was read last at the end. */
    readonly read: readonly string[];
    readonly listed: boolean;
  };
  /** Notes the modules that are loaded now; before they are forgotten. */
  note(): void;
  accesses(): Accesses;
}

/** Of node's own modules those whose answers depend on nothing but their arguments. */
const PURE = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'crypto',
  'diagnostics_channel',
  'events',
  'path',
  'path/posix',
  'path/win32',
  'punycode',
  'querystring',
  'stream',
  'string_decoder',
  'timers',
  'url',
  'util',
  'util/types',
]);
/** It reads a file of variables if it is there, and never fails. */
const OF_DOTENV = /[\\/]node_modules[\\/]dotenv[\\/]/;
const OF_DRIZZLE = /[\\/]node_modules[\\/]drizzle-(?:orm|kit)[\\/]/;

interface Loader {
  _load: (request: string, parent: Parent, ...rest: unknown[]) => unknown;
  prototype: { _compile: (content: string, filename: string, ...rest: unknown[]) => unknown };
}
type Parent = { readonly filename?: string | null } | null | undefined;

/**
 * Starts recording in this process. Call it before anything of a user or of drizzle-kit is loaded.
 * @param isServed whether a module is compiled from text that the guard has read, and so knows of
 */
export function openRecorder(isServed: (path: string) => boolean): Recorder {
  const env = new Set<string>();
  const seen = new Map<string, Set<string>>();
  const loaded = new Set<string>();
  const uncacheableBecause = new Set<string>();
  let ofMachine = false;
  /** Files that were compiled as CommonJS: what they load is in `require.cache` too. */
  const compiled = new Set<string>();
  /** The process's own. */
  const own = new Set(Object.keys(require.cache));

  const loader = Module as unknown as Loader;
  const { _load } = loader;
  const { _compile } = loader.prototype;
  const useBuiltin = (id: string, from = ''): void => {
    const name = id.replace(/^node:/, '');
    if (PURE.has(name)) return;
    uncacheableBecause.add(`it uses node's ${name}`);
    if (!OF_DOTENV.test(from)) ofMachine = true;
  };
  // From node 22 on.
  const builtin: unknown = Reflect.get(process, 'getBuiltinModule');
  if (typeof builtin === 'function')
    Object.assign(process, {
      getBuiltinModule: (id: string): unknown => (
        useBuiltin(id),
        Reflect.apply(builtin, process, [id])
      ),
    });
  loader._load = (request, parent, ...rest) => {
    // The main module, which the code requires with, looks like drizzle-kit's bin by then.
    const from = parent?.filename ?? '';
    const byDrizzle = parent !== require.main && OF_DRIZZLE.test(from);
    if (isBuiltin(request) && !byDrizzle) useBuiltin(request, from);
    return _load.call(Module, request, parent, ...rest);
  };
  loader.prototype._compile = function recorded(this: unknown, content, filename, ...rest) {
    if (rest[0] !== 'module') compiled.add(filename);
    return _compile.call(this, content, filename, ...rest);
  };

  const latest = { read: new Set<string>(), listed: false };
  const see = (name: string, value: unknown): void => {
    if (typeof value !== 'string') return;
    const values = seen.get(name) ?? new Set();
    seen.set(name, values.add(value));
  };
  const ask = (name: string | symbol, of: NodeJS.ProcessEnv): void => {
    if (typeof name !== 'string') return;
    if (of[name] === undefined && !isLeftAlone(name)) ofMachine = true;
    env.add(name);
    see(name, of[name]);
    latest.read.delete(name);
    latest.read.add(name);
  };
  const note = (): void => {
    for (const [path, module] of Object.entries(require.cache)) {
      if (isServed(path)) continue;
      loaded.add(path);
      if (own.has(path) || OF_DRIZZLE.test(path)) continue;
      if (path.endsWith('.node')) uncacheableBecause.add(`it loads ${path}`);
      else if (
        !path.endsWith('.json') &&
        (!compiled.has(path) || types.isModuleNamespaceObject(module?.exports))
      )
        uncacheableBecause.add(`${path} is not CommonJS`);
    }
  };

  return {
    begin: () => {
      ofMachine = false;
      for (const known of [env, seen, loaded, uncacheableBecause]) known.clear();
    },
    environment: (target) => {
      latest.read.clear();
      latest.listed = false;
      return new Proxy(target, {
        get: (of, name) => (ask(name, of), Reflect.get(of, name) as unknown),
        has: (of, name) => (ask(name, of), Reflect.has(of, name)),
        getOwnPropertyDescriptor: (of, name) => (
          ask(name, of),
          Reflect.getOwnPropertyDescriptor(of, name)
        ),
        ownKeys: (of) => {
          uncacheableBecause.add('it lists the environment');
          latest.listed = ofMachine = true;
          const names = Reflect.ownKeys(of);
          for (const name of names) if (typeof name === 'string') see(name, of[name]);
          return names;
        },
        // dotenv does so.
        set: (of, name, value) => (see(String(name), value), Reflect.set(of, name, value)),
        defineProperty: (of, name, property) => (
          see(String(name), property.value),
          Reflect.defineProperty(of, name, property)
        ),
      });
    },
    seen: () => seen,
    latest: () => ({ read: [...latest.read], listed: latest.listed }),
    note,
    accesses: () => {
      note();
      return {
        env: [...env],
        loaded: [...loaded],
        ofMachine,
        uncacheableBecause: [...uncacheableBecause],
      };
    },
  };
}

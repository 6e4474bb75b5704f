import { extname } from 'node:path';
import type { Message } from 'esbuild';
import {
  type RepoPath,
  goesThroughModules,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import type { Code, Compiled, Found } from '../worker/protocol.ts';
import {
  compile,
  compileAwaiting,
  isCompiled,
  lineOf,
  onlyAwaits,
  syntaxErrors,
} from './compile.ts';
import { gather, requestsOf } from './gather.ts';
import { importGraph, type ImportGraph } from './import-graph.ts';
import type { Resolved, SchemaResolver } from './resolve.ts';
import type { TreeReader } from './tree-reader.ts';

/** The modules that files of a tree load: what the process has, and what it asks for while it runs. */
export interface Modules {
  /** Where a request of a file (absolute path) leads. */
  find(request: string, from: string): Promise<Found>;
  /** A file (absolute path) as node runs it. */
  load(path: string): Promise<Compiled>;
  /** The same as `find`, with the reason. */
  resolved(request: string, from: string): Promise<Resolved>;
  /** Why a file that was loaded cannot be compiled. */
  errorsIn(path: string): readonly Message[];
  /** The line (1-based) of a file that was loaded where its compiled text has a position. */
  lineIn(
    path: string,
    at: { readonly line: number; readonly column: number },
  ): Promise<number | undefined>;
  /** Everything that is loaded from files (absolute paths), as far as their text names it. */
  gather(files: readonly string[]): Promise<Omit<Code, 'files'>>;
  /**
   * Whether files were loaded that await at their top, and that were not known to be loaded:
   * installed ones, and those that a computed `import()` leads to. Then what is gathered is another.
   */
  waitForMore(): Promise<boolean>;
  /** Files of the tree that were loaded so far: the schema closure. */
  readonly closure: ReadonlySet<RepoPath>;
  readonly graph: ImportGraph;
}

/** `top`: absolute real path of the repository; `files`: what is evaluated. */
export function openModules(
  reader: TreeReader,
  top: string,
  resolver: SchemaResolver,
  files: readonly RepoPath[],
): Modules {
  const closure = new Set<RepoPath>(files);
  const graph = importGraph(files);
  const texts = new Map<string, string>();
  const errors = new Map<string, readonly Message[]>();
  const loaded = new Map<string, Promise<Compiled>>();
  /** Files that await at their top, as promises: drizzle-kit 1.x waits for them. */
  const awaiting = new Map<string, Compiled>();
  /** Those that cannot be waited for. */
  const refused = new Set<string>();

  const isLoadedByKit = (path: string): boolean => {
    const own = toRepoPath(top, path);
    return own !== undefined && files.includes(own);
  };

  const find = async (request: string, from: string): Promise<Found> => {
    const found = await resolver.resolve(request, from);
    switch (found.kind) {
      case 'tree': {
        closure.add(found.path);
        const importer = toRepoPath(top, from);
        if (importer !== undefined) graph.add(importer, found.path);
        return { path: toAbsolute(top, found.path) };
      }
      case 'missing':
        return { code: found.code };
      case 'builtin':
        return { builtin: found.name };
      default:
        return { path: found.path };
    }
  };

  const textOf = async (path: string): Promise<string | undefined> => {
    const text = await resolver.files.readText(path);
    return text ?? resolver.files.readDisk(path);
  };

  const broken = (path: string, messages: readonly Message[]): Compiled => {
    errors.set(path, messages);
    const text = messages[0]?.text ?? 'cannot be compiled';
    return {
      kind: 'broken',
      message: text.startsWith('Top-level await')
        ? resolver.loader === 'jiti'
          ? 'top-level await, which the guard evaluates only where the path of its import is known'
          : 'top-level await, which drizzle-kit before 1.0 cannot load'
        : text,
    };
  };

  const promiseOf = async (path: string, text: string): Promise<Compiled | undefined> => {
    const promise = await compileAwaiting(path, text, resolver);
    if (promise === undefined || !('text' in promise)) return undefined;
    const code: Compiled = { kind: 'code', ...promise };
    awaiting.set(path, code);
    return code;
  };

  /** Whether an ES module imports it: no CommonJS loads what awaits. */
  const isImported = async (path: string): Promise<boolean> => {
    for (const [from, compiling] of loaded)
      for (const { request } of requestsOf(awaiting.get(from) ?? (await compiling))) {
        const found = await resolver.resolve(request, from);
        if ('path' in found && (found.path === path || toAbsolute(top, found.path) === path))
          return true;
      }
    return false;
  };

  const compiledText = async (path: string, text: string): Promise<Compiled> => {
    const compiled = await compile(path, text, resolver);
    if (!('errors' in compiled)) return { kind: 'code', ...compiled };
    if (resolver.loader === 'jiti' && !goesThroughModules(path) && onlyAwaits(compiled.errors)) {
      const promise = await promiseOf(path, text);
      if (promise !== undefined && isLoadedByKit(path)) return promise;
    }
    return broken(path, compiled.errors);
  };

  const read = async (path: string): Promise<Compiled> => {
    if (extname(path) === '.node') return { kind: 'native' };
    const text = (await textOf(path))?.replace(/^\uFEFF/, '');
    if (text === undefined) return { kind: 'broken', message: 'cannot be read' };
    texts.set(path, text);
    if (extname(path) === '.json') {
      const problem = jsonProblem(text);
      return problem === undefined
        ? { kind: 'json', text }
        : { kind: 'broken', message: `is not JSON: ${problem}` };
    }
    if (isCompiled(path)) return compiledText(path, text);
    const wrong = extname(path) === '.cjs' ? [] : await syntaxErrors(text);
    return wrong.length > 0
      ? { kind: 'broken', message: 'is not JavaScript: drizzle-kit cannot load it' }
      : { kind: 'code', text };
  };

  const load = (path: string): Promise<Compiled> => {
    let compiled = loaded.get(path);
    if (compiled === undefined) loaded.set(path, (compiled = read(path)));
    return compiled;
  };

  /** What a computed `import()` leads to has nothing before it that would be waited for. */
  const loadWhileRunning = async (path: string): Promise<Compiled> => {
    const compiled = await load(path);
    if (awaiting.size === 0 || goesThroughModules(path) || awaiting.has(path)) return compiled;
    for (const { request, isLater } of requestsOf(compiled)) {
      const there = isLater ? undefined : await find(request, path);
      const waited = there !== undefined && 'path' in there ? there.path : '';
      if (awaiting.has(waited)) return broken(waited, errors.get(waited) ?? []);
    }
    return compiled;
  };

  return {
    find,
    load: loadWhileRunning,
    closure,
    graph,
    resolved: (request, from) => resolver.resolve(request, from),
    errorsIn: (path) => errors.get(path) ?? [],
    lineIn: async (path, at) => {
      const text = texts.get(path);
      return text === undefined || awaiting.has(path)
        ? undefined
        : lineOf(path, text, resolver, at);
    },
    async waitForMore() {
      const more = [...errors.keys()].filter((path) => !awaiting.has(path) && !refused.has(path));
      let found = false;
      for (const path of more) {
        const promise =
          resolver.loader === 'jiti' &&
          onlyAwaits(errors.get(path) ?? []) &&
          (await isImported(path))
            ? await promiseOf(path, texts.get(path) ?? '')
            : undefined;
        if (promise === undefined) refused.add(path);
        else found = true;
      }
      return found;
    },
    gather: (paths) =>
      gather(paths, {
        find,
        load,
        awaiting,
        makeAwaiting: async (path) => {
          const text = texts.get(path);
          return text !== undefined && isCompiled(path) ? promiseOf(path, text) : undefined;
        },
      }),
  };
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import { extname } from 'node:path';
import type { Message } from 'esbuild';
import {
  type RepoPath,
  goesThroughModules,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import { foundKey, type Code, type Compiled, type Found } from '../worker/protocol.ts';
import {
  compile,
  compileAwaiting,
  isCompiled,
  lineOf,
  onlyAwaits,
  syntaxErrors,
} from './compile.ts';
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
  /** Files of the tree that were loaded so far: the schema closure. */
  readonly closure: ReadonlySet<RepoPath>;
  readonly graph: ImportGraph;
}

/** `require("x")` and `require.resolve("x")` in compiled text. */
const REQUIRED = /(?<![.\w$])require(?:\.resolve)?\(\s*(?:"([^"\\\n]+)"|'([^'\\\n]+)')\s*\)/g;
/** What comes before it where it is an `import()`. */
const LATER = /\.then\(\(\)=>(?:__toESM\()?$/;

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
          ? 'top-level await, which the guard evaluates only behind import statements of the repository'
          : 'top-level await, which drizzle-kit before 1.0 cannot load'
        : text,
    };
  };

  const compiledText = async (path: string, text: string): Promise<Compiled> => {
    const compiled = await compile(path, text, resolver);
    if (!('errors' in compiled)) return { kind: 'code', ...compiled };
    if (resolver.loader === 'jiti' && !goesThroughModules(path) && onlyAwaits(compiled.errors)) {
      const promise = await compileAwaiting(path, text, resolver);
      if (promise !== undefined && 'text' in promise) {
        const code: Compiled = { kind: 'code', ...promise };
        awaiting.set(path, code);
        if (isLoadedByKit(path)) return code;
      }
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

  return {
    find,
    load,
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
    async gather(paths) {
      const modules = new Map<string, Compiled>();
      const found = new Map<string, Found>();
      const seen = new Set<string>();
      const follow = async (path: string): Promise<void> => {
        if (seen.has(path) || goesThroughModules(path)) return;
        seen.add(path);
        const compiled = await load(path);
        modules.set(path, compiled);
        await Promise.all(
          requestsOf(awaiting.get(path) ?? compiled).map(async ({ request }) => {
            const there = await find(request, path);
            found.set(foundKey(path, request), there);
            if ('path' in there) await follow(there.path);
          }),
        );
      };
      await Promise.all(paths.map(follow));
      // What they import comes before them.
      const first = new Set<string>();
      const passed = new Set<string>();
      const pass = (path: string): void => {
        if (passed.has(path)) return;
        passed.add(path);
        for (const { request, isLater } of requestsOf(awaiting.get(path) ?? modules.get(path))) {
          const there = found.get(foundKey(path, request));
          if (isLater || there === undefined || !('path' in there)) continue;
          pass(there.path);
          const promise = awaiting.get(there.path);
          if (promise === undefined) continue;
          first.add(there.path);
          modules.set(there.path, promise);
        }
      };
      if (awaiting.size > 0) paths.forEach(pass);
      return { modules, found, first: [...first] };
    },
  };
}

/** What compiled text requires; `isLater`: by an `import()`. */
function requestsOf(
  compiled: Compiled | undefined,
): readonly { readonly request: string; readonly isLater: boolean }[] {
  if (compiled?.kind !== 'code') return [];
  const { text } = compiled;
  return Array.from(text.matchAll(REQUIRED), ({ 1: double, 2: single, index }) => ({
    request: double ?? single ?? '',
    isLater: LATER.test(text.slice(Math.max(0, index - 30), index)),
  }));
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

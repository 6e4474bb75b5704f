import { extname } from 'node:path';
import type { Message } from 'esbuild';
import {
  type RepoPath,
  goesThroughModules,
  toAbsolute,
  toRepoPath,
} from '../../model/repo-path.ts';
import { foundKey, type Code, type Compiled, type Found } from '../thread/protocol.ts';
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

/** The modules that files of a tree load: what the thread has, and what it asks for while it runs. */
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
  /** Files whose compiled text has lines of its own. */
  const rewritten = new Set<string>();

  /** drizzle-kit 1.x waits for the files that it loads itself. */
  const isAwaited = (path: string): boolean => {
    const own = toRepoPath(top, path);
    return resolver.loader === 'jiti' && own !== undefined && files.includes(own);
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
          ? 'top-level await, which the guard evaluates only in the config and the schema files themselves'
          : 'top-level await, which drizzle-kit before 1.0 cannot load'
        : text,
    };
  };

  const compiledText = async (path: string, text: string): Promise<Compiled> => {
    const compiled = await compile(path, text, resolver);
    if (!('errors' in compiled)) return { kind: 'code', ...compiled };
    if (isAwaited(path) && onlyAwaits(compiled.errors)) {
      const awaiting = await compileAwaiting(path, text, resolver);
      rewritten.add(path);
      if (awaiting !== undefined && 'text' in awaiting) return { kind: 'code', ...awaiting };
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
      return text === undefined || rewritten.has(path)
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
        if (compiled.kind !== 'code') return;
        const requests = new Set(
          Array.from(compiled.text.matchAll(REQUIRED), ([, double, single]) => double ?? single),
        );
        await Promise.all(
          Array.from(requests, async (request = '') => {
            const there = await find(request, path);
            found.set(foundKey(path, request), there);
            if ('path' in there) await follow(there.path);
          }),
        );
      };
      await Promise.all(paths.map(follow));
      return { modules, found };
    },
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

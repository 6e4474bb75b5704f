import { join } from 'node:path';
import { type RepoPath, toAbsolute, toRepoPath } from '../../model/repo-path.ts';
import type { Code } from '../worker/protocol.ts';
import type { CompileFailure } from './compile-failure.ts';
import type { ImportGraph } from './import-graph.ts';
import { openModules, type Modules } from './modules.ts';
import { openResolver } from './resolve.ts';
import type { Ignores } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import type { TsConfig } from './tsconfig.ts';
import type { KitLoader } from './tsx-resolve.ts';

interface CompileRequest {
  readonly reader: TreeReader;
  /** Absolute real path of the repository. */
  readonly top: string;
  /** The folder that drizzle-kit is run from. */
  readonly base: RepoPath;
  /** What is evaluated, in order. */
  readonly files: readonly RepoPath[];
  /** Conditions of module resolution, besides node's own. */
  readonly conditions?: readonly string[];
  readonly loader?: KitLoader;
  readonly ignores: Ignores;
}

interface Reached {
  /** The schema closure: files of the tree that are loaded. */
  readonly closure: ReadonlySet<RepoPath>;
  readonly graph: ImportGraph;
}

export type CompiledFiles =
  | ({
      readonly status: 'ok';
      readonly code: Code;
      readonly modules: Modules;
      readonly reader: TreeReader;
      readonly top: string;
      readonly files: readonly RepoPath[];
      readonly tsconfig: TsConfig | undefined;
      readonly ignores: Ignores;
    } & Reached)
  | ({ readonly status: 'unreadable'; readonly failure: CompileFailure } & Reached);

/**
 * Compiles files of a tree, and what they import, each to CommonJS. Nothing is linked: the process
 * requires them as node does, so that half-made modules in a cycle, names that two modules hand on
 * and imports that lead nowhere mean what they mean for drizzle-kit.
 */
export async function compileFiles(request: CompileRequest): Promise<CompiledFiles> {
  const { reader, top, base, files, ignores, loader = 'tsx' } = request;
  const resolver = await openResolver(reader, top, base, request);
  const { tsconfig } = resolver;
  const modules = openModules(reader, top, resolver, files);
  const { closure, graph } = modules;
  const unreadable = (failure: CompileFailure): CompiledFiles => ({
    status: 'unreadable',
    failure,
    closure,
    graph,
  });

  if (loader === 'tsx' && tsconfig?.problem !== undefined)
    return unreadable({
      path: toRepoPath(top, tsconfig.path) ?? tsconfig.path,
      message: `${tsconfig.problem}: drizzle-kit does not start with such a tsconfig`,
    });
  const paths: string[] = [];
  for (const file of files) {
    const found = await modules.find(toAbsolute(top, file), join(toAbsolute(top, base), 'kit.cjs'));
    if (!('path' in found)) {
      const message = reader.linkProblem(file) ?? 'cannot be found';
      return unreadable({ path: file, message });
    }
    paths.push(found.path);
  }
  const code = { files: paths, ...(await modules.gather(paths)) };
  return { status: 'ok', code, modules, reader, top, files, tsconfig, ignores, closure, graph };
}

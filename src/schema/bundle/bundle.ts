import type { BuildFailure } from 'esbuild';
import { GuardError } from '../../model/errors.ts';
import { type RepoPath, toRepoPath } from '../../model/repo-path.ts';
import { describeFailure, ENTRY_NAME, type BundleFailure } from './bundle-failure.ts';
import { loadEsbuild } from './esbuild.ts';
import { importGraph, type ImportGraph } from './import-graph.ts';
import type { Code, External } from '../thread/protocol.ts';
import { openResolver } from './resolve.ts';
import type { KitLoader } from './tsx-resolve.ts';
import { ENTRY_PREFIX, treePlugin, WHERE_IT_IS, type MissingImport } from './tree-plugin.ts';
import type { Ignores } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';

export interface BundleRequest {
  readonly reader: TreeReader;
  /** Absolute real path of the repository. */
  readonly top: string;
  /** The folder that drizzle-kit is run from. */
  readonly base: RepoPath;
  /** What is evaluated, in order. */
  readonly files: readonly RepoPath[];
  /** The project's command to install its dependencies, for the error that asks for it. */
  readonly install: string;
  /** Conditions of module resolution, besides node's own. */
  readonly conditions?: readonly string[];
  readonly loader?: KitLoader;
  readonly ignores: Ignores;
}

/** What a bundle, or the failure to make one, is made of. */
interface Bundling {
  /** The schema closure: files of the tree that were bundled. */
  readonly closure: ReadonlySet<RepoPath>;
  readonly graph: ImportGraph;
}

export type Bundled =
  | ({
      readonly status: 'ok';
      readonly code: Code;
      /** A source map, as JSON. */
      readonly map: string;
    } & Bundling)
  | ({ readonly status: 'unreadable'; readonly failure: BundleFailure } & Bundling);

/**
 * Bundles files of a tree into one CommonJS text. Each file is required in turn, so that a cycle of
 * imports sees half-made modules, as in drizzle-kit.
 * @throws GuardError `orm-missing`, `kit-missing`, `dependency-missing` when a declared dependency
 * is not installed.
 */
export async function bundle(request: BundleRequest): Promise<Bundled> {
  const { reader, top, base, files, install, conditions = [] } = request;
  const { build } = loadEsbuild();
  const resolver = await openResolver(reader, top, base, request);
  const graph = importGraph(files);
  const problem = request.loader === 'tsx' ? resolver.tsconfig?.problem : undefined;
  if (resolver.tsconfig !== undefined && problem !== undefined) {
    const path = toRepoPath(top, resolver.tsconfig.path) ?? resolver.tsconfig.path;
    const message = `${problem}: drizzle-kit does not start with such a tsconfig`;
    return { status: 'unreadable', failure: { path, message }, closure: new Set(files), graph };
  }
  const closure = new Set<RepoPath>(files);
  const externals: External[] = [];
  const missing: MissingImport[] = [];
  const entry = files
    .map((_, position) => `() => require("${ENTRY_PREFIX}${position}")`)
    .join(',\n');
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `module.exports = [${entry}];`,
        loader: 'js',
        sourcefile: ENTRY_NAME,
        resolveDir: top,
      },
      plugins: [treePlugin({ reader, resolver, top, files, graph, closure, externals, missing })],
      absWorkingDir: top,
      outfile: 'bundle.cjs',
      write: false,
      bundle: true,
      platform: 'node',
      conditions: [...conditions],
      format: 'cjs',
      target: `node${process.versions.node}`,
      sourcemap: 'external',
      sourcesContent: false,
      keepNames: true,
      treeShaking: false,
      ignoreAnnotations: true,
      supported: { 'dynamic-import': false },
      define: WHERE_IT_IS,
      tsconfigRaw: { compilerOptions: { ...resolver.tsconfig?.compilerOptions } },
      logLevel: 'silent',
      charset: 'utf8',
    });
    const text = outputFiles.find(({ path }) => path.endsWith('.cjs'))?.text;
    const map = outputFiles.find(({ path }) => path.endsWith('.map'))?.text;
    if (text === undefined || map === undefined)
      throw new GuardError('internal', 'esbuild wrote no bundle.');
    return { status: 'ok', code: { text, externals }, map, closure, graph };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    // It may be missing for reasons outside the tree.
    if (missing.length > 0) reader.log.uncacheableBecause.add('an import leads nowhere');
    const failure = await describeFailure(error.errors, {
      top,
      missing,
      files,
      reader,
      install,
      tsconfig: resolver.tsconfig,
    });
    return { status: 'unreadable', failure, closure, graph };
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

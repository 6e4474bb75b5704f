import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ImportKind,
  Loader,
  OnLoadResult,
  OnResolveResult,
  PartialMessage,
  Plugin,
} from 'esbuild';
import { type RepoPath, toAbsolute } from '../../model/repo-path.ts';
import type { ImportGraph } from './import-graph.ts';
import type { External } from '../thread/protocol.ts';
import type { Missing, SchemaResolver } from './resolve.ts';
import type { TreeReader } from './tree-reader.ts';

/** An import of a file of the tree that cannot be resolved. */
export interface MissingImport {
  readonly specifier: string;
  readonly importer: RepoPath;
  readonly found: Missing;
}

export interface TreePluginOptions {
  readonly reader: TreeReader;
  readonly resolver: SchemaResolver;
  /** Absolute real path of the repository. */
  readonly top: string;
  readonly files: readonly RepoPath[];
  readonly graph: ImportGraph;
  readonly closure: Set<RepoPath>;
  readonly externals: External[];
  readonly missing: MissingImport[];
}

/** Specifiers of the entry: `schema:0`, `schema:1`, ... */
export const ENTRY_PREFIX = 'schema:';

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
};
const ASKS_WHERE_IT_IS = /import\.meta|__dirname|__filename/;

/**
 * Lets esbuild read from a tree: the repository's own files come from there, dependencies stay out
 * of the bundle.
 */
export function treePlugin(options: TreePluginOptions): Plugin {
  const { reader, resolver, top, files, graph, closure, externals, missing } = options;
  const known = new Map<string, number>();

  const leaveOut = (external: External): OnResolveResult => {
    const key = `${dirname(external.from)}\0${external.specifier}`;
    let position = known.get(key);
    if (position === undefined) {
      known.set(key, (position = externals.length));
      externals.push(external);
    }
    return { path: `guard:${position}`, external: true };
  };

  const take = (path: RepoPath, importer: RepoPath | undefined): OnResolveResult => {
    closure.add(path);
    if (importer !== undefined) graph.add(importer, path);
    return { path, namespace: 'tree' };
  };

  const answer = async (
    specifier: string,
    from: string,
    importer: RepoPath | undefined,
    kind: ImportKind,
  ): Promise<OnResolveResult> => {
    const found = await resolver.resolve(specifier, from);
    switch (found.kind) {
      case 'builtin':
        return { path: found.name, external: true };
      case 'tree':
        if (kind === 'require-resolve' || found.path.endsWith('.node')) {
          reader.log.uncacheableBecause.add(`${found.path} is taken from the disk`);
          return leaveOut({ from, specifier, resolved: toAbsolute(top, found.path) });
        }
        return take(found.path, importer);
      case 'disk':
        return { path: found.path, namespace: 'disk' };
      case 'external':
        return leaveOut({ from, specifier, resolved: found.path });
      case 'missing':
        // Such an import fails only when it is reached, perhaps on purpose.
        if (
          kind === 'dynamic-import' ||
          kind === 'require-call' ||
          kind === 'require-resolve' ||
          importer === undefined
        )
          return leaveOut({ from, specifier });
        missing.push({ specifier, importer, found });
        return {
          errors: [{ text: `cannot find ${JSON.stringify(specifier)}`, detail: missing.at(-1) }],
        };
    }
  };

  /** As node's `require` of a file: under its real path; for a link to a folder, its index. */
  const start = async (file: RepoPath): Promise<OnResolveResult> => {
    const path = resolver.files.realFile(file);
    if (path !== undefined) return take(path, undefined);
    const problem = reader.linkProblem(file);
    if (problem !== undefined) return { errors: [{ text: problem }] };
    return answer(toAbsolute(top, file), toAbsolute(top, file), undefined, 'entry-point');
  };

  return {
    name: 'tree',
    setup: (build) => {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (namespace === 'tree') return answer(path, toAbsolute(top, importer), importer, kind);
        if (namespace === 'disk') return answer(path, importer, undefined, kind);
        return start(files[Number(path.slice(ENTRY_PREFIX.length))] ?? '');
      });
      build.onLoad({ filter: /.*/, namespace: 'tree' }, async ({ path }) =>
        contentsOf(path, toAbsolute(top, path), await reader.readText(path)),
      );
      build.onLoad({ filter: /.*/, namespace: 'disk' }, async ({ path }) =>
        contentsOf(path, path, await resolver.files.readDisk(path)),
      );
    },
  };
}

function contentsOf(name: string, path: string, text: string | undefined): OnLoadResult {
  const loader = LOADERS[extname(name)];
  if (text === undefined) return failed({ text: 'the file cannot be read' });
  if (loader === undefined)
    return failed({ text: `imports ${name}, which drizzle-kit cannot load` });
  return {
    contents: loader === 'json' || !ASKS_WHERE_IT_IS.test(text) ? text : locating(path, text),
    loader,
  };
}

/** Gives each file its own location; all on the first line, so that line numbers stay. */
function locating(path: string, text: string): string {
  const here = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  const names = `var __guard_url=${JSON.stringify(here.url)},__guard_filename=${JSON.stringify(here.filename)},__guard_dirname=${JSON.stringify(here.dirname)};`;
  return text.startsWith('#!') ? text.replace(/^#!.*/, names) : `${names}${text}`;
}

/**
 * For esbuild's `define`: a file's own location is read from the variables that `locating` adds.
 */
export const WHERE_IT_IS = {
  'import.meta.url': '__guard_url',
  'import.meta.filename': '__guard_filename',
  'import.meta.dirname': '__guard_dirname',
  __filename: '__guard_filename',
  __dirname: '__guard_dirname',
};

function failed(message: PartialMessage): OnLoadResult {
  return { errors: [message] };
}

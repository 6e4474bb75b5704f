import type { BuildFailure, Message } from 'esbuild';
import { GuardError } from '../../model/errors.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { loadEsbuild } from './esbuild.ts';
import { importGraph, type ImportGraph } from './import-graph.ts';
import type { Code, External } from '../thread/protocol.ts';
import { openResolver } from './resolve.ts';
import { ENTRY_PREFIX, treePlugin, WHERE_IT_IS, type MissingImport } from './tree-plugin.ts';
import type { TreeReader } from './tree-reader.ts';
import { findWorkspacePackage, isDeclared, packageNameOf } from './workspace.ts';

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
}

const ENTRY_NAME = 'drizzle-guard-entry.cjs';

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
      /** A source map, as JSON. */ readonly map: string;
    } & Bundling)
  | ({
      readonly status: 'unreadable';
      readonly message: string;
      readonly path: RepoPath;
      readonly line?: number;
      readonly detail?: string;
    } & Bundling);

/**
 * Bundles files out of a tree into one CommonJS text. Each is required in its turn, so that a cycle of imports meets
 * half-made modules, as in drizzle-kit.
 * @throws GuardError `orm-missing`, `kit-missing`, `dependency-missing` when a declared dependency is not installed.
 */
export async function bundle(request: BundleRequest): Promise<Bundled> {
  const { reader, top, base, files } = request;
  const { build } = loadEsbuild();
  const resolver = await openResolver(reader, top, base);
  const graph = importGraph(files);
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
    // What is missing may be missing for reasons outside the tree, and every package.json is asked about it.
    if (missing.length > 0) reader.log.uncacheableBecause.add('an import leads nowhere');
    const homes = new Map<MissingImport, RepoPath>();
    for (const one of missing) {
      const home = await homeOf(one, reader);
      if (home === undefined) await assertInstalled(one, request);
      else homes.set(one, home);
    }
    return { status: 'unreadable', ...tell(error.errors, missing, files, homes), closure, graph };
  }
}

/** The folder of the repository's own package that the import names: what it lacks is no dependency to install. */
async function homeOf(
  { specifier }: MissingImport,
  reader: TreeReader,
): Promise<RepoPath | undefined> {
  const name = packageNameOf(specifier);
  return name === undefined ? undefined : findWorkspacePackage(reader, name);
}

/** A dependency that is declared but not installed says nothing about the schema. */
async function assertInstalled(
  { specifier, importer }: MissingImport,
  { reader, install }: BundleRequest,
): Promise<void> {
  const name = packageNameOf(specifier);
  if (name === undefined) return;
  // Whoever imports these has them, declared here or not: without them nothing can be said about any schema.
  if (name === 'drizzle-orm' || name === 'drizzle-kit') {
    throw new GuardError(
      name === 'drizzle-orm' ? 'orm-missing' : 'kit-missing',
      `${name}, which ${importer} imports, is not installed.`,
      { help: [`Install the dependencies: ${install}`] },
    );
  }
  if (!(await isDeclared(reader, name))) return;
  throw new GuardError(
    'dependency-missing',
    `${name}, which ${importer} imports and a package.json declares, is not installed.`,
    {
      help: [`Install the dependencies: ${install}`],
    },
  );
}

interface Fault {
  readonly message: string;
  readonly path: RepoPath;
  readonly line?: number;
  readonly detail?: string;
}

function tell(
  errors: readonly Message[],
  missing: readonly MissingImport[],
  files: readonly RepoPath[],
  homes: ReadonlyMap<MissingImport, RepoPath>,
): Fault {
  const first = errors[0];
  const at = first?.location;
  const lost = missing.find((one) => one === first?.detail);
  // The entry has a line for each schema file: a fault there is that file's.
  const inEntry = at?.file.endsWith(ENTRY_NAME) === true;
  const path =
    lost?.importer ??
    (inEntry ? files[at.line - 1] : at?.file.replace(/^tree:/, '')) ??
    files[0] ??
    '';
  const shown = errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${location.file.replace(/^tree:/, '')}:${location.line}: ${text}\n    ${location.lineText.trim()}`,
    )
    .join('\n');
  return {
    path,
    message:
      lost === undefined ? (first?.text ?? 'cannot be bundled') : explain(lost, homes.get(lost)),
    ...(at && !inEntry ? { line: at.line } : {}),
    ...(shown === '' ? {} : { detail: shown }),
  };
}

function explain({ specifier, onDisk }: MissingImport, home: RepoPath | undefined): string {
  if (home !== undefined)
    return `imports ${JSON.stringify(specifier)}, a package of this repository (${home}), whose file for it is neither recorded in git nor built here`;
  if (onDisk)
    return `imports ${JSON.stringify(specifier)}, which lies in the working folder but is not recorded in git`;
  const name = packageNameOf(specifier);
  return name === undefined || specifier.startsWith('.')
    ? `imports ${JSON.stringify(specifier)}, which does not exist`
    : `imports ${JSON.stringify(specifier)}, which is neither installed nor declared in a package.json, nor an alias of the tsconfig`;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

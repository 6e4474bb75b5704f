import { SourceMap } from 'node:module';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Message, TransformOptions } from 'esbuild';
import { goesThroughModules } from '../../model/repo-path.ts';
import { loadEsbuild } from './esbuild.ts';
import type { SchemaResolver } from './resolve.ts';
import { exportingPromise } from './top-level-await.ts';
import { asBabel } from './as-babel.ts';

/** Text as node runs it, in CommonJS; or why there is none. */
type CompiledText = { readonly text: string } | { readonly errors: readonly Message[] };

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.jsx': 'jsx',
};

/** Whether tsx compiles a file of this name; node runs any other as it is. */
export function isCompiled(path: string): boolean {
  return extname(path) in LOADERS;
}

/**
 * What loads the file, and the tsconfig of where drizzle-kit is run: it says which files its options
 * are for.
 */
type Around = Pick<SchemaResolver, 'loader' | 'tsconfig'>;

/** What was compiled in this run: commits have most files from the one before. */
const known = new Map<string, Promise<CompiledText>>();

/**
 * Compiles a file to CommonJS as tsx does (`transformSync` of tsx 4.21). What differs in jiti is
 * done besides. `path`: absolute.
 */
export function compile(path: string, text: string, around: Around): Promise<CompiledText> {
  const options = optionsFor(path, text, around);
  const key = JSON.stringify([around.loader, path, options, text]);
  const compiled = known.get(key) ?? compileAnew(path, text, around, options);
  known.set(key, compiled);
  // Of an esbuild that ended nothing is kept.
  compiled.catch(() => known.delete(key));
  return compiled;
}

async function compileAnew(
  path: string,
  text: string,
  around: Around,
  options: TransformOptions,
): Promise<CompiledText> {
  try {
    const { code } = await loadEsbuild().transform(text, options);
    return { text: around.loader === 'jiti' ? asBabel(code, goesThroughModules(path)) : code };
  } catch (error) {
    return { errors: errorsOf(error) };
  }
}

/** Whether there is nothing else wrong with a text than `await` at its top. */
export function onlyAwaits(errors: readonly Message[]): boolean {
  return errors.length > 0 && errors.every(({ text }) => text.startsWith('Top-level await'));
}

/** The same for a file that awaits at its top: `module.exports` is a promise. */
export async function compileAwaiting(
  path: string,
  text: string,
  around: Around,
): Promise<CompiledText | undefined> {
  const options = optionsFor(path, text, around);
  const { code } = await loadEsbuild().transform(text, { ...options, format: 'esm' });
  const promised = await exportingPromise(code);
  return promised === undefined
    ? undefined
    : compile(path.replace(/\.[cm]?[jt]sx?$/, '.js'), promised, around);
}

/** The errors of a text that node would run as it is, if it is no JavaScript. */
export async function syntaxErrors(text: string): Promise<readonly Message[]> {
  try {
    await loadEsbuild().transform(text, { loader: 'js', format: 'cjs', logLevel: 'silent' });
    return [];
  } catch (error) {
    return errorsOf(error);
  }
}

/** The line (1-based) of a file that a position in its compiled text comes from. */
export async function lineOf(
  path: string,
  text: string,
  around: Around,
  at: { readonly line: number; readonly column: number },
): Promise<number | undefined> {
  if (!isCompiled(path)) return at.line;
  const { code, map } = await loadEsbuild().transform(text, {
    ...optionsFor(path, text, around),
    sourcemap: 'external',
    sourcesContent: false,
  });
  // What is put in comes before everything of the file, in its first line.
  const longer =
    around.loader === 'jiti' && at.line === 1
      ? asBabel(code, goesThroughModules(path)).length - code.length
      : 0;
  const found: Partial<ReturnType<SourceMap['findEntry']>> = new SourceMap(
    JSON.parse(map),
  ).findEntry(at.line - 1, at.column - 1 - longer);
  const line = 'originalLine' in found ? found.originalLine : undefined;
  return line === undefined ? undefined : line + 1;
}

function optionsFor(path: string, text: string, { loader, tsconfig }: Around): TransformOptions {
  const extension = extname(path);
  // Each `define` makes esbuild a quarter slower.
  const isLocated = text.includes('import.meta') && extension !== '.cts';
  const options = tsconfig?.compiles(path) === true ? tsconfig.compilerOptions : {};
  return {
    loader: LOADERS[extension] ?? 'js',
    // An `m` or a `c` in the extension would change what the default of a CommonJS module is.
    sourcefile: path.replace(/\.[cm](?=[jt]s$)/, '.'),
    format: 'cjs',
    platform: 'node',
    target: `node${process.versions.node}`,
    keepNames: true,
    minifyWhitespace: true,
    charset: 'utf8',
    ...(isLocated && { define: locationOf(path, loader) }),
    // It comes after everything that drizzle-kit sees, and would read the disk.
    supported: { 'dynamic-import': false },
    tsconfigRaw: { compilerOptions: { ...options } },
    logLevel: 'silent',
  };
}

/** What `import.meta` has: in jiti the file and its folder too. */
function locationOf(path: string, loader: SchemaResolver['loader']): Record<string, string> {
  const url = { 'import.meta.url': JSON.stringify(pathToFileURL(path)) };
  if (loader !== 'jiti') return url;
  return {
    ...url,
    'import.meta.dirname': JSON.stringify(dirname(path)),
    'import.meta.filename': JSON.stringify(path),
  };
}

function errorsOf(error: unknown): readonly Message[] {
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors))
    return error.errors as readonly Message[];
  throw error;
}

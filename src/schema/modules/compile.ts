import { SourceMap } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Message, TransformOptions } from 'esbuild';
import { loadEsbuild } from './esbuild.ts';
import type { TsConfig } from './tsconfig.ts';

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
 * Compiles a file to CommonJS as tsx does (`transformSync` of tsx 4.21). `path`: absolute.
 * @param tsconfig of where drizzle-kit is run; it says which files its options are for
 */
export async function compile(
  path: string,
  text: string,
  tsconfig: TsConfig | undefined,
): Promise<CompiledText> {
  try {
    const { code } = await loadEsbuild().transform(text, optionsFor(path, text, tsconfig));
    return { text: code };
  } catch (error) {
    return { errors: errorsOf(error) };
  }
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
  tsconfig: TsConfig | undefined,
  at: { readonly line: number; readonly column: number },
): Promise<number | undefined> {
  if (!isCompiled(path)) return at.line;
  const { map } = await loadEsbuild().transform(text, {
    ...optionsFor(path, text, tsconfig),
    sourcemap: 'external',
    sourcesContent: false,
  });
  const found: Partial<ReturnType<SourceMap['findEntry']>> = new SourceMap(
    JSON.parse(map),
  ).findEntry(at.line - 1, at.column - 1);
  const line = 'originalLine' in found ? found.originalLine : undefined;
  return line === undefined ? undefined : line + 1;
}

function optionsFor(path: string, text: string, tsconfig: TsConfig | undefined): TransformOptions {
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
    ...(isLocated && { define: { 'import.meta.url': JSON.stringify(pathToFileURL(path)) } }),
    // It comes after everything that drizzle-kit sees, and would read the disk.
    supported: { 'dynamic-import': false },
    tsconfigRaw: { compilerOptions: { ...options } },
    logLevel: 'silent',
  };
}

function errorsOf(error: unknown): readonly Message[] {
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors))
    return error.errors as readonly Message[];
  throw error;
}

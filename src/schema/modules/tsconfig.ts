import { dirname, isAbsolute, join, resolve } from 'node:path';
import { upwards, inside, toAbsolute, type RepoPath } from '../../model/repo-path.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import { matchesFiles, type FilePatterns } from './tsconfig-files.ts';
import { readLayers, type Reads } from './tsconfig-layers.ts';

/**
 * The options of a tsconfig and everything it extends, for resolving and compiling. Paths are
 * absolute.
 */
export interface TsConfig {
  readonly path: string;
  readonly baseUrl?: string;
  readonly paths: readonly PathRule[];
  /** A file that it extends, which git ignores and the disk does not have (yet). */
  readonly notGenerated?: string;
  /** For esbuild, as the tsconfig has them. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Whether they apply to a file (absolute path). */
  readonly compiles: (path: string) => boolean;
  readonly allowJs: boolean;
  /** Why tsx, and so drizzle-kit, does not start with it: get-tsconfig's `createPathsMatcher`. */
  readonly problem?: string;
}

type Json = Readonly<Record<string, unknown>>;

interface PathRule {
  readonly pattern: string;
  /** Absolute, with at most one `*`. */
  readonly targets: readonly string[];
}

/**
 * The options of a tsconfig that esbuild uses; none with which a project could change the form of
 * the output.
 */
const COMPILED = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
  'importsNotUsedAsValues',
  'preserveValueImports',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'alwaysStrict',
  'strict',
  'target',
];
/** Not esbuild's. */
const JAVASCRIPT = ['allowJs', 'checkJs'];

/**
 * The nearest `tsconfig.json` from a folder of the repository upwards, as tsx finds it from where
 * drizzle-kit is run.
 */
export async function nearestTsConfig(
  top: string,
  folder: RepoPath,
  read: Reads,
): Promise<TsConfig | undefined> {
  for (const at of upwards(folder)) {
    const path = toAbsolute(top, inside(at, 'tsconfig.json'));
    const config = await loadTsConfig(path, read);
    if (config !== undefined) return config;
  }
  return undefined;
}

/**
 * One tsconfig with what it extends; undefined when it is not there. One that extends what is not
 * there, or itself, has no options at all, as in tsx.
 */
export async function loadTsConfig(path: string, read: Reads): Promise<TsConfig | undefined> {
  const text = await read.text(path);
  if (text === undefined) return undefined;
  const { layers, isList, notGenerated } = await readLayers(path, text, read);
  const folder = dirname(path);
  const merged: { baseUrl?: string; patterns: FilePatterns } = { patterns: {} };
  const built = new Map<string, string>();
  let paths: { readonly of: Json; readonly folder: string } = { of: {}, folder };
  const compilerOptions: Record<string, unknown> = {};
  for (const { json, options, ...layer } of layers) {
    const own = (name: string): string =>
      resolve(dirname(layer.path), name.replace('${configDir}', folder));
    merged.patterns = { ...merged.patterns, ...patternsOf(json, own) };
    for (const name of ['outDir', 'declarationDir'])
      if (typeof options[name] === 'string') built.set(name, own(options[name]));
    for (const name of [...COMPILED, ...JAVASCRIPT])
      if (name in options) compilerOptions[name] = options[name];
    if (typeof options['baseUrl'] === 'string') merged.baseUrl = own(options['baseUrl']);
    if (isRecord(options['paths'])) paths = { of: options['paths'], folder: dirname(layer.path) };
  }
  // esbuild must not lower what the running node supports; tsx ignores an old `target` as well.
  if (
    compilerOptions['target'] !== undefined &&
    compilerOptions['useDefineForClassFields'] === undefined
  ) {
    compilerOptions['useDefineForClassFields'] = /^(?:es2022|es2023|es2024|es2025|esnext)$/i.test(
      String(compilerOptions['target']),
    );
  }
  const allowJs = (compilerOptions['allowJs'] ?? compilerOptions['checkJs']) === true;
  for (const name of ['target', ...JAVASCRIPT]) delete compilerOptions[name];
  const { baseUrl = paths.folder } = merged;
  const problem = isList ? 'is a list' : pathsProblem(paths.of, merged.baseUrl);
  return {
    path,
    paths: rulesOf(paths.of, (target) => resolve(baseUrl, target.replace('${configDir}', folder))),
    compilerOptions,
    compiles: matchesFiles(path, { exclude: [...built.values()], ...merged.patterns }, allowJs),
    allowJs,
    ...(notGenerated === undefined ? {} : { notGenerated }),
    ...(problem === undefined ? {} : { problem }),
    ...(merged.baseUrl === undefined ? {} : { baseUrl: merged.baseUrl }),
  };
}

function rulesOf(paths: Json, place: (target: string) => string): readonly PathRule[] {
  return Object.entries(paths).map(([pattern, targets]) => ({
    pattern,
    targets: textsIn(targets).map((target) => place(target)),
  }));
}

function pathsProblem(paths: Json, baseUrl: string | undefined): string | undefined {
  for (const [pattern, targets] of Object.entries(paths)) {
    const stars = [pattern, ...textsIn(targets)].find((one) => one.split('*').length > 2);
    if (stars !== undefined) return `has more than one "*" in ${JSON.stringify(stars)} of "paths"`;
    const bare = textsIn(targets).find((one) => !isAbsolute(one) && !RELATIVE.test(one));
    if (bare !== undefined && baseUrl === undefined)
      return (
        `maps ${JSON.stringify(pattern)} to ${JSON.stringify(bare)}, which has to start with ` +
        '"./" where there is no "baseUrl"'
      );
  }
  return undefined;
}

const RELATIVE = /^(?:\.{1,2}(?:\/|$)|\$\{configDir\})/;

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function patternsOf(json: Json, own: (pattern: string) => string): FilePatterns {
  const named = ['files', 'include', 'exclude'].flatMap((name) => {
    const patterns = json[name];
    return isStringArray(patterns) ? [[name, patterns.map((pattern) => own(pattern))]] : [];
  });
  return Object.fromEntries(named) as FilePatterns;
}

/**
 * Where `paths` and `baseUrl` map a specifier: absolute candidates of the most specific pattern.
 */
export function mappedPaths(config: TsConfig, specifier: string): readonly string[] {
  const fitting = config.paths.flatMap(({ pattern, targets }) => {
    const star = pattern.indexOf('*');
    if (star < 0)
      return pattern === specifier ? [{ length: Number.POSITIVE_INFINITY, targets }] : [];
    const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
    if (
      specifier.length < head.length + tail.length ||
      !specifier.startsWith(head) ||
      !specifier.endsWith(tail)
    )
      return [];
    const middle = specifier.slice(head.length, specifier.length - tail.length);
    return [
      { length: head.length, targets: targets.map((target) => target.replace('*', () => middle)) },
    ];
  });
  const best = fitting.sort((a, b) => b.length - a.length)[0];
  if (best !== undefined) return best.targets;
  return config.baseUrl === undefined ? [] : [join(config.baseUrl, specifier)];
}

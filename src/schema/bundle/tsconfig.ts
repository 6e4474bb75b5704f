import { dirname, isAbsolute, join, resolve } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { upwards, inside, toAbsolute, type RepoPath } from '../../model/repo-path.ts';
import { isRecord } from '../../model/unknown.ts';

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
}

interface PathRule {
  readonly pattern: string;
  /** Absolute, with at most one `*`. */
  readonly targets: readonly string[];
}

/** How a tsconfig is read; paths are absolute. */
export interface Reads {
  text(path: string): Promise<string | undefined>;
  /** A file that git ignores, as the disk has it; undefined for one that git does not ignore. */
  generated(path: string): Promise<{ readonly text: string | undefined } | undefined>;
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

/** One tsconfig with what it extends; undefined when it is not there or is not an object. */
export async function loadTsConfig(path: string, read: Reads): Promise<TsConfig | undefined> {
  const missing: string[] = [];
  const layers = await readLayers(
    { path, text: await read.text(path) },
    { read, seen: new Set(), missing },
  );
  if (layers.length === 0) return undefined;
  const folder = dirname(path);
  const merged: { baseUrl?: string; paths: readonly PathRule[] } = { paths: [] };
  const compilerOptions: Record<string, unknown> = {};
  for (const layer of layers) {
    const own = (text: string): string =>
      resolve(dirname(layer.path), text.replace('${configDir}', folder));
    const options = layer.options;
    for (const name of COMPILED) if (name in options) compilerOptions[name] = options[name];
    if (typeof options['baseUrl'] === 'string') merged.baseUrl = own(options['baseUrl']);
    if (isRecord(options['paths'])) {
      const base = merged.baseUrl ?? dirname(layer.path);
      merged.paths = Object.entries(options['paths']).flatMap(([pattern, targets]) =>
        Array.isArray(targets)
          ? [
              {
                pattern,
                targets: targets
                  .filter((target) => typeof target === 'string')
                  .map((target) => resolve(base, target.replace('${configDir}', folder))),
              },
            ]
          : [],
      );
    }
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
  delete compilerOptions['target'];
  return {
    path,
    paths: merged.paths,
    compilerOptions,
    ...(missing[0] === undefined ? {} : { notGenerated: missing[0] }),
    ...(merged.baseUrl === undefined ? {} : { baseUrl: merged.baseUrl }),
  };
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

interface Layer {
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

interface Reading {
  readonly read: Reads;
  readonly seen: Set<string>;
  /** Gets the files that git ignores and that are not there. */
  readonly missing: string[];
}

/** What is extended comes first, so that later layers win. */
async function readLayers(
  { path, text }: { readonly path: string; readonly text: string | undefined },
  reading: Reading,
): Promise<readonly Layer[]> {
  if (text === undefined || reading.seen.has(path)) return [];
  reading.seen.add(path);
  const { parse } = await import('jsonc-parser');
  let json: unknown;
  try {
    json = parse(text);
  } catch (cause) {
    // It takes whatever it can make sense of, until the stack is full.
    throw new GuardError('evaluation-failed', `${path} is nested too deeply to be read`, { cause });
  }
  if (!isRecord(json)) return [];
  const parents = [json['extends']].flat().filter((one) => typeof one === 'string');
  const layers: Layer[] = [];
  for (const parent of parents) layers.push(...(await readParent(parent, path, reading)));
  return [
    ...layers,
    { path, options: isRecord(json['compilerOptions']) ? json['compilerOptions'] : {} },
  ];
}

/** Frameworks generate what a tsconfig extends: SvelteKit, Nuxt, Astro. */
async function readParent(
  specifier: string,
  from: string,
  reading: Reading,
): Promise<readonly Layer[]> {
  for (const path of parentCandidates(specifier, dirname(from))) {
    let text = await reading.read.text(path);
    if (text === undefined) {
      const generated = await reading.read.generated(path);
      if (generated !== undefined && generated.text === undefined) reading.missing.push(path);
      text = generated?.text;
    }
    const layers = await readLayers({ path, text }, reading);
    if (layers.length > 0) return layers;
  }
  return [];
}

function forms(path: string): readonly string[] {
  return path.endsWith('.json') ? [path] : [`${path}.json`, join(path, 'tsconfig.json')];
}

function parentCandidates(specifier: string, folder: string): readonly string[] {
  if (isAbsolute(specifier) || /^\.\.?(?:[\\/]|$)/.test(specifier))
    return forms(resolve(folder, specifier));
  const candidates: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    candidates.push(...forms(join(at, 'node_modules', specifier)));
    if (dirname(at) === at) return candidates;
  }
}

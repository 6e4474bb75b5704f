import { dirname, isAbsolute, join, resolve } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { isRecord, jsonRecord } from '../../model/unknown.ts';
import { modulesFrom } from './node-resolve.ts';
import { packageTarget } from './package-targets.ts';

/** How a tsconfig is read; paths are absolute. */
export interface Reads {
  text(path: string): Promise<string | undefined>;
  /** A file that git ignores, as the disk has it; undefined for one that git does not ignore. */
  generated(path: string): Promise<{ readonly text: string | undefined } | undefined>;
}

/** One tsconfig on the way to another that extends it. */
interface Layer {
  readonly path: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Its `compilerOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
}

interface Reading {
  readonly read: Reads;
  /** The tsconfigs that extend this one. */
  readonly above: readonly string[];
  /** Gets the files that git ignores and that are not there. */
  readonly missing: string[];
}

/**
 * A tsconfig and what it extends, which comes first, so that later layers win. None where something
 * cannot be extended: get-tsconfig then throws, and tsx goes on without options.
 * @returns notGenerated: a file that it extends, which git ignores and the disk does not have (yet)
 */
export async function readLayers(
  path: string,
  text: string,
  read: Reads,
): Promise<{
  readonly layers: readonly Layer[];
  readonly isList: boolean;
  readonly notGenerated?: string | undefined;
}> {
  const missing: string[] = [];
  const layers = (await layersOf({ path, text }, { read, above: [], missing })) ?? [];
  return { layers, isList: Array.isArray(await parsed(path, text)), notGenerated: missing[0] };
}

async function layersOf(
  { path, text }: { readonly path: string; readonly text: string },
  reading: Reading,
): Promise<readonly Layer[] | undefined> {
  if (reading.above.includes(path)) return undefined;
  const json = await parsed(path, text);
  if (!isRecord(json)) return undefined;
  const parents = [json['extends']].flat().filter((one) => typeof one === 'string');
  const layers: Layer[] = [];
  for (const parent of parents) {
    const above = await readParent(parent, path, { ...reading, above: [...reading.above, path] });
    if (above === undefined) return undefined;
    layers.push(...above);
  }
  const options = isRecord(json['compilerOptions']) ? json['compilerOptions'] : {};
  return [...layers, { path, json, options }];
}

async function parsed(path: string, text: string): Promise<unknown> {
  const { parse } = await import('jsonc-parser');
  try {
    return parse(text) ?? {};
  } catch (cause) {
    // It takes whatever it can make sense of, until the stack is full.
    throw new GuardError('evaluation-failed', `${path} is nested too deeply to be read`, { cause });
  }
}

/** Frameworks generate what a tsconfig extends: SvelteKit, Nuxt, Astro. */
async function readParent(
  specifier: string,
  from: string,
  reading: Reading,
): Promise<readonly Layer[] | undefined> {
  const { read, missing } = reading;
  const before = missing.length;
  for (const path of await parentCandidates(specifier, dirname(from), read)) {
    let text = await read.text(path);
    if (text === undefined) {
      const generated = await read.generated(path);
      if (generated !== undefined && generated.text === undefined) missing.push(path);
      text = generated?.text;
    }
    if (text !== undefined) return layersOf({ path, text }, reading);
  }
  return missing.length > before ? [] : undefined;
}

/** As get-tsconfig's `resolveExtendsPath`. */
async function parentCandidates(
  specifier: string,
  folder: string,
  read: Reads,
): Promise<readonly string[]> {
  if (isAbsolute(specifier) || /^\.\.?(?:[\\/]|$)/.test(specifier)) {
    const path = resolve(folder, specifier === '..' ? '../tsconfig.json' : specifier);
    return path.endsWith('.json') ? [path] : [path, `${path}.json`];
  }
  const [, name = '', sub = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(specifier) ?? [];
  for (const modules of modulesFrom(folder)) {
    const home = join(modules, name);
    const manifest = jsonRecord(await read.text(join(home, 'package.json')));
    if (manifest?.['exports'] !== undefined) {
      const target = packageTarget(manifest['exports'], sub === '' ? '.' : `./${sub}`, REQUIRED);
      return target === undefined ? [] : [join(home, target)];
    }
    const own = manifest?.['tsconfig'];
    const named = sub !== '' ? sub : typeof own === 'string' ? own : 'tsconfig.json';
    const path = join(home, named);
    const candidates = [path, `${path}.json`, join(path, 'tsconfig.json')];
    for (const one of candidates) if ((await read.text(one)) !== undefined) return [one];
  }
  return [];
}

const REQUIRED = new Set(['require', 'types']);

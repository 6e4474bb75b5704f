import type { Expression } from 'acorn';
import type { Entry } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { configExport } from './config-export.ts';
import { objectOf, valueOf, type Reading, type Value } from './literal-values.ts';
import { moduleScope } from './module-scope.ts';
import { runningOf, type Running } from './may-fail.ts';
import { isTypeScript, parseConfig } from './parse-config.ts';
import { isRecord, kindOf } from '../../model/unknown.ts';

/** What can be read from a config without running it. */
export type Literals =
  | ({
      readonly status: 'literal';
      readonly value: Readonly<Record<string, unknown>>;
    } & Running)
  /** Only evaluating it can answer. */
  | { readonly status: 'computed'; readonly why: string }
  /** A syntax error, or an export that is no config. */
  | { readonly status: 'invalid'; readonly message: string; readonly line?: number }
  /** It exports nothing that could be a config. */
  | { readonly status: 'none' };

/** All keys of a drizzle config that the guard needs. Credentials are never read. */
export const DRIZZLE_KEYS: ReadonlySet<string> = new Set([
  'dialect',
  'schema',
  'out',
  'casing',
  'driver',
  'breakpoints',
  'migrations',
  'verbose',
  'sql',
]);
/** Of them, those that decide nothing but whether drizzle-kit takes the config. */
const CHECKED_KEYS: ReadonlySet<string> = new Set(['verbose', 'sql']);

/**
 * Reads a config without running it. `literal` holds the wanted keys and no other, and whether
 * drizzle-kit may still be unable to load it.
 *
 * TypeScript that the parser here does not take is `computed`, not `invalid`: esbuild, which
 * evaluates configs, is the one that decides whether it is a syntax error.
 * @param source the file's text (UTF-8, decoded)
 * @param fileName its name; the extension says whether it is TypeScript, JavaScript or JSON
 * @param wanted the keys that matter; all of them when left out
 */
export async function readLiterals(
  source: string,
  fileName: string,
  wanted: ReadonlySet<string> | 'all' = DRIZZLE_KEYS,
): Promise<Literals> {
  const isWanted = (key: string): boolean => wanted === 'all' || wanted.has(key);
  if (fileName.endsWith('.json')) return readJson(source, isWanted);
  const parsed = await parseConfig(source, fileName);
  if (parsed.status === 'syntax-error')
    return isTypeScript(fileName)
      ? {
          status: 'computed',
          why: `it does not parse (${parsed.message}${parsed.line === undefined ? '' : `, line ${parsed.line}`})`,
        }
      : { ...parsed, status: 'invalid' };
  const exported = configExport(parsed.program);
  if (exported.status !== 'found') return exported;
  const reading: Reading = { scope: moduleScope(parsed.program), code: source };
  const value = topLevel(exported.expression, reading, isWanted);
  if (!value.known) return { status: 'computed', why: value.why };
  // `module.exports = { default: {...} }` is `required.default` to drizzle-kit.
  const config =
    exported.commonJs && isRecord(value.value) && isRecord(value.value['default'])
      ? value.value['default']
      : value.value;
  return asConfig(config, isWanted, runningOf(parsed.program, source));
}

/**
 * The config object itself, also inside `defineConfig(...)` or behind a constant: only here
 * unwanted keys may be computed.
 */
function topLevel(
  node: Expression,
  reading: Reading,
  isWanted: (key: string) => boolean,
  depth = 0,
): Value {
  if (node.type === 'ObjectExpression')
    return objectOf(node, reading, (key) =>
      CHECKED_KEYS.has(key) ? 'if-literal' : key === 'default' || isWanted(key),
    );
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    reading.scope.passesOn(node.callee.name)
  ) {
    const [argument, ...more] = node.arguments;
    if (argument && argument.type !== 'SpreadElement' && more.length === 0)
      return topLevel(argument, reading, isWanted, depth);
  }
  if (node.type === 'Identifier' && depth < 10) {
    const constant = reading.scope.constant(node.name);
    if (constant && 'init' in constant)
      return topLevel(constant.init, reading, isWanted, depth + 1);
  }
  return valueOf(node, reading);
}

function readJson(source: string, isWanted: (key: string) => boolean): Literals {
  try {
    return asConfig(JSON.parse(source) as unknown, isWanted);
  } catch (error) {
    return {
      status: 'invalid',
      message: `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function asConfig(
  value: unknown,
  isWanted: (key: string) => boolean,
  running: Running = { packages: [] },
): Literals {
  if (!isRecord(value))
    return {
      status: 'invalid',
      message: `the config is ${kindOf(value)}; drizzle-kit takes one object`,
    };
  return {
    status: 'literal',
    value: Object.fromEntries(Object.entries(value).filter(([key]) => isWanted(key))),
    ...running,
  };
}

/** Literals by content, so that the trees of a range are read once: the key is `literalsKey`. */
export interface LiteralsMemory {
  get(key: string): Literals | undefined;
  set(key: string, literals: Literals): unknown;
}

/** The literals of a file of a tree. */
export async function literalsOf(
  {
    path,
    entry,
    bytes,
  }: { readonly path: RepoPath; readonly entry: Entry; readonly bytes: Uint8Array },
  memory: LiteralsMemory,
): Promise<Literals> {
  const key = literalsKey(path, entry);
  const known = memory.get(key);
  if (known !== undefined) return known;
  const literals = await readLiterals(new TextDecoder('utf-8').decode(bytes), path);
  memory.set(key, literals);
  return literals;
}

/** The content and the extension: all that `readLiterals` depends on. */
function literalsKey(path: RepoPath, entry: Entry): string {
  return `${entry.oid}${path.slice(path.lastIndexOf('.'))}`;
}

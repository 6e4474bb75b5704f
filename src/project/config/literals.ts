import type { Expression } from 'acorn';
import { configExport } from './config-export.ts';
import { objectOf, valueOf, type Reading, type Value } from './literal-values.ts';
import { moduleScope } from './module-scope.ts';
import { isTypeScript, parseConfig, type Parsed } from './parse-config.ts';
import { isRecord, kindOf } from '../../model/unknown.ts';

/** What a config's text alone says. */
export type Literals =
  | { readonly status: 'literal'; readonly value: Readonly<Record<string, unknown>> }
  /** Only running it would tell. */
  | { readonly status: 'computed'; readonly why: string }
  | { readonly status: 'broken'; readonly message: string; readonly line?: number }
  /** It exports nothing that could be a config. */
  | { readonly status: 'none' };

/** All that the guard needs of a drizzle config. Credentials are never among them, nor is anything beside them. */
export const DRIZZLE_KEYS: ReadonlySet<string> = new Set([
  'dialect',
  'schema',
  'out',
  'casing',
  'driver',
  'breakpoints',
  'migrations',
]);

/**
 * Reads a config without running it. `literal` holds the wanted keys and no other.
 * @param source the file's text (UTF-8, decoded)
 * @param fileName its name; the extension tells TypeScript, JavaScript and JSON apart
 * @param wanted the keys that matter; all of them when left out
 * @param types how TypeScript loses its types: esbuild strips them, or, where there may be no esbuild, those that configs
 * usually have are blanked, and a text with others is `computed`
 */
export async function readLiterals(
  source: string,
  fileName: string,
  wanted: ReadonlySet<string> | 'all' = DRIZZLE_KEYS,
  types: 'stripped' | 'blanked' = 'stripped',
): Promise<Literals> {
  const isWanted = (key: string): boolean => wanted === 'all' || wanted.has(key);
  if (fileName.endsWith('.json')) return readJson(source, isWanted);
  // Most TypeScript configs hold no types at all. Only a literal is taken from a text that was read as JavaScript:
  // `defineConfig<Config>({})` parses there too, as a comparison.
  const plain = isTypeScript(fileName)
    ? read(await parseConfig(source, fileName, true), isWanted)
    : undefined;
  if (plain?.status === 'literal') return plain;
  if (types === 'stripped' || !isTypeScript(fileName))
    return read(await parseConfig(source, fileName), isWanted);
  const { blankTypes } = await import('./strip-types.ts');
  const blanked = read(await parseConfig(blankTypes(source), fileName, true), isWanted);
  return blanked.status === 'broken'
    ? { status: 'computed', why: `it is TypeScript that only esbuild reads (${blanked.message})` }
    : blanked;
}

function read(parsed: Parsed, isWanted: (key: string) => boolean): Literals {
  if (parsed.status === 'broken') return parsed;
  const exported = configExport(parsed.program);
  if (exported.status !== 'found') return exported;
  const reading: Reading = { scope: moduleScope(parsed.program), code: parsed.code };
  const value = topLevel(exported.expression, reading, isWanted);
  if (!value.known) return { status: 'computed', why: value.why };
  // `module.exports = { default: {...} }` is `required.default` to drizzle-kit.
  return exported.commonJs && isRecord(value.value) && isRecord(value.value['default'])
    ? asConfig(value.value['default'], isWanted)
    : asConfig(value.value, isWanted);
}

/** The config object itself, through `defineConfig(...)` and a name: only here may unwanted keys be computed. */
function topLevel(
  node: Expression,
  reading: Reading,
  isWanted: (key: string) => boolean,
  depth = 0,
): Value {
  if (node.type === 'ObjectExpression')
    return objectOf(node, reading, (key) => key === 'default' || isWanted(key));
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
      status: 'broken',
      message: `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function asConfig(value: unknown, isWanted: (key: string) => boolean): Literals {
  if (!isRecord(value))
    return {
      status: 'broken',
      message: `the config is ${kindOf(value)}; drizzle-kit takes one object`,
    };
  return {
    status: 'literal',
    value: Object.fromEntries(Object.entries(value).filter(([key]) => isWanted(key))),
  };
}

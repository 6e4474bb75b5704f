import type { Options, Program } from 'acorn';
import { isRecord } from '../../model/unknown.ts';

type Parsed =
  | { readonly status: 'ok'; readonly program: Program }
  | { readonly status: 'syntax-error'; readonly message: string; readonly line?: number };

export function isTypeScript(fileName: string): boolean {
  return /\.[mc]?ts$/.test(fileName);
}

const OPTIONS: Omit<Options, 'sourceType'> = {
  ecmaVersion: 'latest',
  allowHashBang: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  // The TypeScript plugin needs them.
  locations: true,
};

/**
 * A config's text as a syntax tree, without its types. Nothing is run. The parsers are loaded at
 * the first call.
 * @param fileName only its extension counts
 */
export async function parseConfig(source: string, fileName: string): Promise<Parsed> {
  const { Parser } = await import('acorn');
  if (!isTypeScript(fileName)) return parseWith(Parser, source);
  // Most configs have no types, and the plugin takes 20 ms to load. `f<T>(x)` is also JavaScript,
  // with another meaning.
  if (!source.includes('<')) {
    const plain = parseWith(Parser, source);
    if (plain.status === 'ok') return plain;
  }
  const [{ tsPlugin }, { eraseTypes }] = await Promise.all([
    import('@sveltejs/acorn-typescript'),
    import('./erase-types.ts'),
  ]);
  return parseWith(Parser.extend(tsPlugin()), source, eraseTypes);
}

function parseWith(
  parser: typeof import('acorn').Parser,
  source: string,
  prepare?: (program: Program) => void,
): Parsed {
  const parse = (sourceType: 'module' | 'script'): Parsed => {
    const program = parser.parse(source, { ...OPTIONS, sourceType });
    prepare?.(program);
    return { status: 'ok', program };
  };
  try {
    return parse('module');
  } catch (asModule) {
    try {
      return parse('script');
    } catch {
      return syntaxError(asModule);
    }
  }
}

/** acorn: `Unexpected token (3:4)`, with `loc: { line, column }`. */
function syntaxError(error: unknown): Parsed {
  const text = error instanceof Error ? error.message : String(error);
  const loc: unknown = error instanceof Error ? Reflect.get(error, 'loc') : undefined;
  const line = isRecord(loc) ? loc['line'] : undefined;
  return {
    status: 'syntax-error',
    message: text.replace(/ \(\d+:\d+\)$/, ''),
    ...(typeof line === 'number' ? { line } : {}),
  };
}

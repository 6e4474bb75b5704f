import type { Program } from 'acorn';
import { loadEsbuild } from '../../schema/bundle/esbuild.ts';

export type Parsed =
  | { readonly status: 'ok'; readonly program: Program; readonly code: string }
  | { readonly status: 'broken'; readonly message: string; readonly line?: number };

export function isTypeScript(fileName: string): boolean {
  return /\.[mc]?ts$/.test(fileName);
}

/**
 * A config's text as a syntax tree. TypeScript (ts, mts, cts) loses its types first, in esbuild; plain JavaScript goes
 * straight to acorn. Both are loaded here, so that a run which reads no config pays for neither.
 * @param fileName only its extension is looked at
 * @param asItIs leaves the types where they are: what then parses is plain JavaScript
 */
export async function parseConfig(
  source: string,
  fileName: string,
  asItIs = false,
): Promise<Parsed> {
  let code = source;
  if (isTypeScript(fileName) && !asItIs) {
    const stripped = await stripTypes(source);
    if (stripped.status === 'broken') return stripped;
    code = stripped.code;
  }
  const { parse } = await import('acorn');
  const options = {
    ecmaVersion: 'latest',
    allowHashBang: true,
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: true,
  } as const;
  try {
    return { status: 'ok', code, program: parse(code, { ...options, sourceType: 'module' }) };
  } catch (asModule) {
    try {
      return { status: 'ok', code, program: parse(code, { ...options, sourceType: 'script' }) };
    } catch {
      return acornFault(asModule);
    }
  }
}

type Stripped =
  | { readonly status: 'ok'; readonly code: string }
  | Extract<Parsed, { status: 'broken' }>;

async function stripTypes(source: string): Promise<Stripped> {
  const { transform } = loadEsbuild();
  try {
    // No tsconfig: none of its options changes what a literal says.
    const { code } = await transform(source, {
      loader: 'ts',
      target: 'esnext',
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    return { status: 'ok', code };
  } catch (error) {
    return esbuildFault(error);
  }
}

function esbuildFault(error: unknown): Extract<Parsed, { status: 'broken' }> {
  const errors = field(error, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const text = field(first, 'text');
  const line = field(field(first, 'location'), 'line');
  return broken(typeof text === 'string' ? text : String(error), line);
}

/** acorn: `Unexpected token (3:4)`, with `loc: { line, column }`. */
function acornFault(error: unknown): Extract<Parsed, { status: 'broken' }> {
  const message =
    error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, '') : String(error);
  return broken(message, field(field(error, 'loc'), 'line'));
}

function broken(message: string, line: unknown): Extract<Parsed, { status: 'broken' }> {
  return { status: 'broken', message, ...(typeof line === 'number' ? { line } : {}) };
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

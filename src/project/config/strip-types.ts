import { parse } from 'acorn';

/** As many types as a config may have. */
const MOST = 200;

/** `Config`, `Config['out']`, `Promise<Config>[]`, `typeof x`, `const`, `'a' | 'b'`: no braces. */
const TYPE = String.raw`(?:typeof\s+)?(?:[\w$.]+|'[^'\n]*'|"[^"\n]*")(?:<[\w$.,\s|<>[\]'"]*>)?(?:\[[^\]\n]*\])*`;
const TYPES = `${TYPE}(?:\\s*[|&]\\s*${TYPE})*`;
const ASSERTION = new RegExp(String.raw`(?:satisfies|as)\s+${TYPES}`, 'y');
const ANNOTATION = new RegExp(String.raw`:\s*${TYPES}(?=\s*=[^=>])`, 'y');
const TYPE_IMPORT = /import\s+type\s+[^'";]*from\s*(?:'[^'\n]*'|"[^"\n]*")/y;

/**
 * Blanks the types that a config usually has, so that what is left is JavaScript of the same length: type imports,
 * `satisfies` and `as`, the annotation of a constant, `!`. A type is told by where acorn comes to a stop, never by its
 * looks alone: what stands in a string or a comment is no stop. A text with other types is left broken.
 */
export function blankTypes(source: string): string {
  let code = source;
  for (let count = 0; count < MOST; count++) {
    const at = stopIn(code);
    const range = at === undefined ? undefined : typeAt(code, at);
    if (range === undefined) break;
    const [from, to] = range;
    code = code.slice(0, from) + code.slice(from, to).replaceAll(/[^\n]/g, ' ') + code.slice(to);
  }
  return code;
}

/** Where acorn can read no further; undefined where it reads all of it. */
function stopIn(code: string): number | undefined {
  try {
    parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
    });
    return undefined;
  } catch (error) {
    const at: unknown =
      typeof error === 'object' && error !== null ? Reflect.get(error, 'pos') : undefined;
    return typeof at === 'number' ? at : undefined;
  }
}

function typeAt(code: string, at: number): readonly [number, number] | undefined {
  const before = code.slice(0, at);
  // `import type { A } from 'x'` stops at the brace, or at the name where there is none.
  const typeImport = /import\s+type\s+$/.exec(before);
  if (typeImport !== null) return matched(TYPE_IMPORT, code, typeImport.index);
  // `import { type A, b }`: what is left imports a name that nothing uses.
  const inBraces = /import\s*(?:[\w$]+\s*,\s*)?\{[^{}]*?(\btype\s+)$/.exec(before);
  if (inBraces !== null) return [at - (inBraces[1] ?? '').length, at];
  if (code[at] === '!' && /[\w$\])]$/.test(before)) return [at, at + 1];
  return matched(ASSERTION, code, at) ?? matched(ANNOTATION, code, at);
}

function matched(pattern: RegExp, code: string, at: number): readonly [number, number] | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(code)?.[0];
  return found === undefined ? undefined : [at, at + found.length];
}

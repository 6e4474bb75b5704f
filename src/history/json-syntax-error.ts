/** One token of JSON (RFC 8259) after white space: punctuation, a string, or a number or word. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- JSON forbids them in strings, and a raw line break is the usual problem
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])))/y;

type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a name'
  | 'a name or }'
  | ':'
  | 'a comma or the closing bracket'
  | 'the end';

interface JsonSyntaxError {
  readonly offset: number;
  /**
   * "expected a comma or the closing bracket". No line, no text of the file: stable as a finding's
   * entity.
   */
  readonly message: string;
}

/**
 * Where and why a text that `JSON.parse` refused stops being JSON. Node 20's own message often has
 * no position ("..."<<<<<<< HE"... is not valid JSON"), so this walk over the tokens; it is run
 * on refused texts only.
 */
export function jsonSyntaxError(text: string): JsonSyntaxError {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'a value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    const next: Expected | undefined =
      token === null
        ? undefined
        : step(expected, token[1] ?? (token[2] === undefined ? 'word' : 'string'), open);
    if (next === undefined) {
      const offset = skipSpace(text, from);
      return {
        offset,
        message: offset >= text.length ? 'it ends too early' : `expected ${expected}`,
      };
    }
    expected = next;
  }
}

function skipSpace(text: string, from: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = from;
  return from + (space.exec(text)?.[0].length ?? 0);
}

/** What may follow this token, or undefined when it is not allowed here. Updates `open`. */
function step(expected: Expected, token: string, open: ('{' | '[')[]): Expected | undefined {
  if (expected === 'a value or ]' && token === ']') return close(open);
  if (expected === 'a name or }' && token === '}') return close(open);
  switch (expected) {
    case 'a value or ]':
    case 'a value':
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'a name or }' : 'a value or ]';
      }
      return token === 'word' || token === 'string' ? after(open) : undefined;
    case 'a name or }':
    case 'a name':
      return token === 'string' ? ':' : undefined;
    case ':':
      return token === ':' ? 'a value' : undefined;
    case 'a comma or the closing bracket': {
      const inside = open.at(-1);
      if (token === ',') return inside === '{' ? 'a name' : 'a value';
      return token === (inside === '{' ? '}' : ']') ? close(open) : undefined;
    }
    case 'the end':
      return undefined;
  }
}

function close(open: ('{' | '[')[]): Expected {
  open.pop();
  return after(open);
}

function after(open: readonly ('{' | '[')[]): Expected {
  return open.length === 0 ? 'the end' : 'a comma or the closing bracket';
}

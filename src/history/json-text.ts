import { conflictLine, isUtf16, lineAt } from './conflict-markers.ts';
import type { FileProblem } from './history.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';

/** A JSON file as drizzle-kit would read it, or why it could not. */
type JsonText =
  | { readonly status: 'ok'; readonly value: unknown; readonly text: string }
  | { readonly status: 'invalid'; readonly problems: readonly FileProblem[] };

/**
 * Parses bytes the way drizzle-kit does (`JSON.parse(readFileSync(path).toString())`), so that a
 * byte order mark is a problem: drizzle-kit does not drop it. The messages continue a sentence that
 * begins with the file's name. They have no lines and no content in them, because they become a
 * finding's entity: never change one.
 */
export function parseJson(bytes: Uint8Array): JsonText {
  if (bytes.length === 0) return invalid([{ message: 'is empty', line: 1 }]);
  if (isUtf16(bytes)) return invalid([{ message: 'is UTF-16, not UTF-8', line: 1 }]);
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const marked = whole.startsWith('\uFEFF');
  const text = marked ? whole.slice(1) : whole;
  const problems: FileProblem[] = marked
    ? [{ message: 'begins with a byte order mark, which drizzle-kit cannot parse', line: 1 }]
    : [];
  try {
    const value: unknown = JSON.parse(text);
    if (isDeep(text)) problems.push({ message: 'is nested too deeply' });
    return problems.length > 0 ? invalid(problems) : { status: 'ok', value, text };
  } catch {
    const line = conflictLine(text);
    if (line !== undefined)
      return invalid([...problems, { message: 'holds conflict markers', line, conflict: true }]);
    const { offset, message } = jsonSyntaxError(text);
    return invalid([
      ...problems,
      { message: `is not JSON (${message})`, line: lineAt(text, offset) },
    ]);
  }
}

/** More than any dialect's snapshot has, and less than what runs out of stack. */
const MOST_LEVELS = 500;

/** A snapshot has a hundred thousand characters, and most of them are in strings. */
function isDeep(text: string): boolean {
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === BRACE || code === BRACKET) {
      if (++level > MOST_LEVELS) return true;
    } else if (code === BRACE_END || code === BRACKET_END) level--;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The position of the quote that ends the string which begins at another. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}

function invalid(problems: readonly FileProblem[]): JsonText {
  return { status: 'invalid', problems };
}

import { conflictLine, isUtf16, lineAt } from './conflict-markers.ts';
import type { FileProblem } from './history.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';
import { isRecord } from '../model/unknown.ts';
import { utf8 } from '../model/utf8.ts';

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
  const whole = utf8(bytes);
  const marked = whole.startsWith('\uFEFF');
  const text = marked ? whole.slice(1) : whole;
  const problems: FileProblem[] = marked
    ? [{ message: 'begins with a byte order mark, which drizzle-kit cannot parse', line: 1 }]
    : [];
  try {
    const value: unknown = JSON.parse(text);
    if (isDeep(value)) problems.push({ message: 'is nested too deeply' });
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

/** By what was parsed: to go through the text takes ten times as long. */
function isDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((one) => isDeep(one, levels - 1));
  if (!isRecord(value)) return false;
  // Nothing is inherited, and to list the values first takes five times as long. Most of them are
  // not objects: a call for each takes three times as long.
  for (const key in value) {
    const one = value[key];
    if (typeof one === 'object' && isDeep(one, levels - 1)) return true;
  }
  return false;
}

function invalid(problems: readonly FileProblem[]): JsonText {
  return { status: 'invalid', problems };
}

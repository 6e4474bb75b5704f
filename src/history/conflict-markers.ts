import { utf8 } from '../model/utf8.ts';
import type { FileProblem } from './history.ts';

/**
 * What git writes around the sides of a conflict: seven signs, then nothing or a space and a label.
 */
const OUTER_MARKER = /^(?:<{7}|>{7}|\|{7})(?:[ \r]|$)/m;
const ANY_MARKER = /^(?:(?:<{7}|>{7}|\|{7})(?:[ \r]|$)|={7}\r?$)/m;

/** 1-based line of a character offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line++;
  return line;
}

/**
 * The line of the first conflict marker in a text that is known not to parse. A bare `=======`
 * counts here: no JSON document has such a line.
 */
export function conflictLine(text: string): number | undefined {
  const match = ANY_MARKER.exec(text);
  return match === null ? undefined : lineAt(text, match.index);
}

/**
 * What makes SQL unreadable for every database: conflict markers, UTF-16, NUL bytes. A bare
 * `=======` does not count, as people draw lines in comments. Messages continue a sentence that
 * begins with the file's name.
 */
export function sqlProblems(bytes: Uint8Array): readonly FileProblem[] {
  if (isUtf16(bytes)) return [{ message: 'is UTF-16, not UTF-8', line: 1 }];
  const text = utf8(bytes);
  const problems: FileProblem[] = [];
  const marker = OUTER_MARKER.exec(text);
  if (marker !== null)
    problems.push({ message: 'holds conflict markers', line: lineAt(text, marker.index) });
  const nul = text.indexOf('\0');
  if (nul !== -1) problems.push({ message: 'holds a NUL byte', line: lineAt(text, nul) });
  return problems;
}

/**
 * Whether the bytes begin with a UTF-16 byte order mark (what PowerShell's `>` wrote for years).
 */
export function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

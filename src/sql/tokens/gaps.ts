import { isSpace } from './characters.ts';
import type { Flavour } from './flavour.ts';

/**
 * The end of the white space or comment that begins here; `at` itself where neither does, -1 where
 * a comment has no end, which sqlite alone takes for one up to the end of the text. Comments that
 * mysql executes (executable ones and optimizer hints) do not count.
 */
export function gapEnd(sql: string, at: number, flavour: Flavour): number {
  let end = at;
  while (isSpace(sql[end], flavour)) end++;
  if (end > at) return end;
  if (beginsLineComment(sql, at, flavour)) return lineCommentEnd(sql, at, flavour);
  if (!sql.startsWith('/*', at)) return at;
  if (flavour === 'postgresql') return nestedEnd(sql, at);
  if (
    flavour === 'mysql' &&
    (sql[at + 2] === '!' || sql[at + 2] === '+' || sql.startsWith('M!', at + 2))
  )
    return at;
  const close = sql.indexOf('*/', at + 2);
  if (close === -1) return flavour === 'sqlite' ? sql.length : -1;
  return close + 2;
}

/**
 * mysql takes `--` for a comment only before white space, a control character or the end; it alone
 * has `#`.
 */
function beginsLineComment(sql: string, at: number, flavour: Flavour): boolean {
  if (flavour === 'mysql' && sql[at] === '#') return true;
  if (!sql.startsWith('--', at)) return false;
  const next = sql[at + 2];
  return flavour !== 'mysql' || next === undefined || next <= ' ' || next === '\u007F';
}

/** A line comment ends before the line feed, in postgresql before a carriage return too. */
export function lineCommentEnd(sql: string, at: number, flavour: Flavour): number {
  const stop = flavour === 'postgresql' ? '\n\r' : '\n';
  let end = at;
  while (end < sql.length && !stop.includes(sql[end] ?? '\n')) end++;
  return end;
}

/** postgresql's block comments nest. */
function nestedEnd(sql: string, at: number): number {
  let depth = 0;
  for (let end = at; end < sql.length;) {
    if (sql.startsWith('/*', end)) depth++;
    else if (sql.startsWith('*/', end)) depth--;
    else {
      end++;
      continue;
    }
    end += 2;
    if (depth === 0) return end;
  }
  return -1;
}

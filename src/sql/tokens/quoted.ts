import { beginsWord, isDigit, isSpace } from './characters.ts';
import { lineCommentEnd } from './gaps.ts';
import type { Reader, Span } from './reader.ts';
import type { TokenKind } from './token.ts';

/**
 * Text between two equal quotes, in which a doubled quote is an escaped one; with `backslash`, `\'`
 * too.
 */
function quoted(
  kind: TokenKind,
  sql: string,
  open: number,
  quote: string,
  backslash: boolean,
): Span {
  for (let at = open + 1; at < sql.length; at++) {
    if (backslash && sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return { kind, end: at + 1 };
      at++;
    }
  }
  return { kind: 'unterminated', end: sql.length };
}

/** Text up to the next of these, which cannot be escaped. */
function until(kind: TokenKind, close: string, sql: string, from: number): Span {
  const found = sql.indexOf(close, from);
  return found === -1
    ? { kind: 'unterminated', end: sql.length }
    : { kind, end: found + close.length };
}

/** Literals and names that begin with this quote and have no prefix. */
export function quotedWith(quote: string, kind: TokenKind, backslash = false): Reader {
  return (sql, at) => (sql[at] === quote ? quoted(kind, sql, at, quote, backslash) : undefined);
}

/** sqlite's [name], in which a `]` cannot be escaped. */
export const bracketed: Reader = (sql, at) =>
  sql[at] === '[' ? until('quoted-name', ']', sql, at) : undefined;

/** x'41', b'01', n'text': one of the letters right before the quote. */
export function prefixed(letters: string, backslash: boolean): Reader {
  return (sql, at) => {
    const letter = sql[at];
    if (letter === undefined || sql[at + 1] !== "'" || !letters.includes(letter.toLowerCase()))
      return undefined;
    return quoted('string', sql, at + 1, "'", backslash);
  };
}

/**
 * postgresql's 'text', E'te\'xt', B'01', X'41', N'text' and U&'te\0078t', with
 * `standard_conforming_strings` on (the default since 9.1): only E'' knows the backslash. Literals
 * with only white space, a line break among it, and line comments between them are one literal to
 * its lexer (`quotecontinue` in scan.l), and all of its text counts.
 */
export const postgresqlString: Reader = (sql, at) => {
  const prefix = /^(?:[ebxn]|u&)?'/i.exec(sql.slice(at, at + 3));
  if (prefix === null) return undefined;
  const backslash = /^e/i.test(prefix[0]);
  let span = quoted('string', sql, at + prefix[0].length - 1, "'", backslash);
  while (span.kind === 'string') {
    const next = continuation(sql, span.end);
    if (next === undefined) break;
    span = quoted('string', sql, next, "'", backslash);
  }
  return span;
};

function continuation(sql: string, from: number): number | undefined {
  let newLine = false;
  for (let at = from; ;) {
    if (isSpace(sql[at], 'postgresql')) {
      newLine ||= sql[at] === '\n' || sql[at] === '\r';
      at++;
    } else if (sql.startsWith('--', at)) at = lineCommentEnd(sql, at, 'postgresql');
    else return newLine && sql[at] === "'" ? at : undefined;
  }
}

/** postgresql's U&"d\0061t\+000061". */
export const unicodeName: Reader = (sql, at) =>
  /^u&"/i.test(sql.slice(at, at + 3)) ? quoted('quoted-name', sql, at + 2, '"', false) : undefined;

/** postgresql's $$text$$ and $tag$text$tag$; the tag is written like a name without `$`. */
export const dollarQuoted: Reader = (sql, at) => {
  if (sql[at] !== '$') return undefined;
  let end = at + 1;
  if (beginsWord(sql[end], 'postgresql'))
    while (beginsWord(sql[end], 'postgresql') || isDigit(sql[end])) end++;
  if (sql[end] !== '$') return undefined;
  return until('string', sql.slice(at, end + 1), sql, end + 1);
};

import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from './flavour.ts';
import { gapEnd } from './gaps.ts';
import { readersOf } from './grammar.ts';
import type { Reader, Span } from './reader.ts';
import type { Token } from './token.ts';

export interface LexedText {
  readonly tokens: readonly Token[];
  /** A part of the text as the tokens give it: see `Token.text`. */
  readonly slice: (start: number, end: number) => string;
}

/**
 * The tokens of an SQL text; never throws. White space, comments and a leading byte order mark are
 * not tokens; drizzle-kit's breakpoint is one. A text whose every line ends in CRLF, where at least
 * one line ends outside the tokens, was converted as a whole (autocrlf, an editor): it is read as
 * if its lines ended in LF. In any other text a CRLF inside a literal is content.
 */
export function lex(sql: string, dialect: Dialect): readonly Token[] {
  return lexText(sql, dialect).tokens;
}

/** As `lex`, with a function for the text between the tokens. */
export function lexText(sql: string, dialect: Dialect): LexedText {
  const raw = rawTokens(sql, dialect);
  if (!isCrlfText(sql, raw)) return { tokens: raw, slice: (start, end) => sql.slice(start, end) };
  return {
    tokens: raw.map((token) => ({ ...token, text: unix(token.text) })),
    slice: (start, end) => unix(sql.slice(start, end)),
  };
}

function rawTokens(sql: string, dialect: Dialect): readonly Token[] {
  const flavour = flavourOf(dialect);
  const readers = readersOf(flavour);
  const tokens: Token[] = [];
  let line = 1;
  let counted = 0;
  for (let at = sql.startsWith('\uFEFF') ? 1 : 0; at < sql.length;) {
    const behind = gapEnd(sql, at, flavour);
    if (behind > at) {
      at = behind;
      continue;
    }
    for (; counted < at; counted++) if (sql[counted] === '\n') line++;
    const span =
      behind === -1 ? ({ kind: 'unterminated', end: sql.length } as const) : read(readers, sql, at);
    tokens.push({ kind: span.kind, text: sql.slice(at, span.end), start: at, end: span.end, line });
    at = span.end;
  }
  return tokens;
}

function read(readers: readonly Reader[], sql: string, at: number): Span {
  for (const reader of readers) {
    const span = reader(sql, at);
    if (span !== undefined) return span;
  }
  return { kind: 'other', end: at + 1 };
}

function isCrlfText(sql: string, tokens: readonly Token[]): boolean {
  if (!sql.includes('\r\n') || /(?:^|[^\r])\n/.test(sql)) return false;
  let from = 0;
  for (const { start, end } of tokens) {
    if (sql.slice(from, start).includes('\n')) return true;
    from = end;
  }
  return sql.slice(from).includes('\n');
}

function unix(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

import type { Dialect } from '../../model/dialect.ts';
import { isSpace } from './characters.ts';
import { flavourOf, type Flavour } from './flavour.ts';
import { gapEnd } from './gaps.ts';
import { readersOf } from './grammar.ts';
import type { Reader, Span } from './reader.ts';
import type { Token } from './token.ts';

interface LexedText {
  readonly tokens: readonly Token[];
  /** A part of the text as the tokens give it: see `Token.text`. */
  readonly slice: (start: number, end: number) => string;
}

/**
 * drizzle-orm's migrators split a migration at exactly this text, wherever it is
 * (`readMigrationFiles`).
 */
export const BREAKPOINT = '--> statement-breakpoint';

/**
 * The tokens of an SQL text; never throws. White space, comments and a leading byte order mark are
 * not tokens; drizzle-kit's breakpoint is one. What is between two of them is read for itself, as a
 * database gets it: a breakpoint inside a literal or a comment cuts it. A text whose every line
 * ends in CRLF, where at least one line ends outside the tokens, was converted as a whole
 * (autocrlf, an editor): it is read as if its lines ended in LF. In any other text a CRLF inside a
 * literal is content.
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
  const tokens: Token[] = [];
  let line = 1;
  let counted = 0;
  const take = (kind: Token['kind'], start: number, end: number): void => {
    for (; counted < start; counted++) if (sql[counted] === '\n') line++;
    tokens.push({ kind, text: sql.slice(start, end), start, end, line });
  };
  for (let start = 0; ;) {
    const found = sql.indexOf(BREAKPOINT, start);
    const piece = sql.slice(start, found === -1 ? sql.length : found);
    for (const span of spansOf(piece, flavour, start === 0 && piece.startsWith('\uFEFF') ? 1 : 0))
      take(span.kind, start + span.start, start + span.end);
    if (found === -1) return tokens;
    start = found + BREAKPOINT.length;
    take('breakpoint', found, start);
  }
}

function* spansOf(
  piece: string,
  flavour: Flavour,
  from: number,
): Generator<Span & { readonly start: number }> {
  const readers = readersOf(flavour);
  for (let at = from; at < piece.length;) {
    const behind = gapEnd(piece, at, flavour);
    if (behind > at) {
      at = behind;
      continue;
    }
    const { kind, end }: Span =
      behind === -1 ? { kind: 'unterminated', end: piece.length } : read(readers, piece, at);
    // The white space at its end is what is written between statements.
    let last = end;
    if (kind === 'unterminated') while (last > at + 1 && isSpace(piece[last - 1], flavour)) last--;
    yield { kind, start: at, end: last };
    at = end;
  }
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

/** What a piece of SQL is, lexically. White space and comments are no tokens. */
export type TokenKind =
  /** Keywords and names without quotes. */
  | 'word'
  /** "name"; `name` in mysql and sqlite; [name] in sqlite. */
  | 'quoted-name'
  /** 'text' with its prefix (E'', x'', U&''), $tag$text$tag$ in postgresql, "text" in mysql. */
  | 'string'
  /** With whatever clings to it: `0xAB`, `1e-5`, and `1abc`, which no database takes for two tokens in silence. */
  | 'number'
  | 'operator'
  | 'punctuation'
  /** $1, ?, ?1, :name, and mysql's @variable. */
  | 'parameter'
  /** Comments that mysql obeys: the two ends of an executable comment, and a whole optimizer hint. */
  | 'directive'
  /** drizzle-kit's `--> statement-breakpoint`, outside literals and block comments. */
  | 'breakpoint'
  /** A literal, quoted name or comment without an end: it holds the rest of the text, one in quotes only up to a breakpoint. */
  | 'unterminated'
  /** A character that means nothing here. */
  | 'other';

export interface Token {
  readonly kind: TokenKind;
  /** The exact source text; only in a text whose every line ends in CRLF, line endings inside it are given as LF. */
  readonly text: string;
  /** Offsets into the text that was lexed, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based, of its first character. */
  readonly line: number;
}

/**
 * Whether two tokens say the same: same kind and same text, to the letter. Nothing is folded, neither the case of
 * keywords nor `int` and `integer` nor "name" and name: drizzle-kit writes each in one way only, so what differs was
 * written by someone else, and only the database knows whether it means the same.
 */
export function sameToken(a: Token, b: Token): boolean {
  return a.kind === b.kind && a.text === b.text;
}

/** A text that two lists of tokens share exactly when they are equal by `sameToken`. */
export function tokensKey(tokens: readonly Token[]): string {
  return tokens.map(({ kind, text }) => `${kind}:${text.length}:${text}`).join(' ');
}

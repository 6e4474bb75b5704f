/** What a piece of SQL is, lexically. White space and comments are not tokens. */
export type TokenKind =
  /** Keywords and names without quotes. */
  | 'word'
  /** "name"; `name` in mysql and sqlite; [name] in sqlite. */
  | 'quoted-name'
  /** 'text' with its prefix (E'', x'', U&''), $tag$text$tag$ in postgresql, "text" in mysql. */
  | 'string'
  /**
   * With the letters right behind it: `0xAB`, `1e-5`, and `1abc`, which no database silently reads
   * as two tokens.
   */
  | 'number'
  | 'operator'
  | 'punctuation'
  /** $1, ?, ?1, :name, and mysql's @variable. */
  | 'parameter'
  /**
   * Comments that mysql executes: the two ends of an executable comment, and a whole optimizer
   * hint.
   */
  | 'directive'
  /** drizzle-kit's `--> statement-breakpoint`, outside literals and block comments. */
  | 'breakpoint'
  /**
   * A literal, quoted name or comment without an end: it takes the rest of the text, a quoted one
   * up to a breakpoint.
   */
  | 'unterminated'
  /** A character without a meaning in SQL. */
  | 'other';

export interface Token {
  readonly kind: TokenKind;
  /**
   * The exact source text; only in a text whose every line ends in CRLF, line endings inside it are
   * given as LF.
   */
  readonly text: string;
  /** Offsets into the text that was lexed, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based, of its first character. */
  readonly line: number;
}

/**
 * Whether two tokens are the same: same kind and exactly the same text. Nothing is normalised,
 * neither the case of keywords nor `int` and `integer` nor "name" and name: drizzle-kit writes each
 * in one way only, so a difference was written by someone else, and only the database knows whether
 * it means the same.
 */
export function sameToken(a: Token, b: Token): boolean {
  return a.kind === b.kind && a.text === b.text;
}

/** A key that is equal for two lists of tokens exactly when they are equal by `sameToken`. */
export function tokensKey(tokens: readonly Token[]): string {
  return tokens.map(({ kind, text }) => `${kind}:${text.length}:${text}`).join(' ');
}

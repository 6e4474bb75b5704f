import type { Flavour } from './flavour.ts';

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
  /** drizzle-kit's `--> statement-breakpoint`. */
  | 'breakpoint'
  /** A literal, quoted name or comment that does not end before the next breakpoint or the text. */
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
 * Equal for statements with the same tokens: same kinds and the same text, but for the case of
 * ASCII letters in words without quotes (keywords, types, functions), which is a formatter's taste.
 * Nothing else is normalised, neither `int` and `integer` nor "name" and name: drizzle-kit writes
 * each in one way only, so a difference was written by someone else, and only the database knows
 * whether it means the same.
 */
export function statementKey(tokens: readonly Token[], flavour: Flavour): string {
  const texts = foldedTexts(tokens, flavour);
  return tokens.map(({ kind }, at) => `${kind}:${texts[at]!.length}:${texts[at]!}`).join(' ');
}

/** The texts of tokens, in lower case where that is a formatter's taste. */
export function foldedTexts(tokens: readonly Token[], flavour: Flavour): readonly string[] {
  const exact = flavour !== 'postgresql' && isView(tokens);
  return tokens.map(({ kind, text }, at) => {
    const folds = kind === 'word' && !exact && !isBareDefault(text, tokens[at - 1], flavour);
    return folds ? lower(text) : text;
  });
}

/** mysql may keep the case of a table's name, and mysql and sqlite that of a column's new name. */
function isView(tokens: readonly Token[]): boolean {
  return tokens.slice(0, 16).some(({ kind, text }) => kind === 'word' && lower(text) === 'view');
}

/** sqlite takes a word behind DEFAULT for a string, unless it is one of these. */
const VALUES = /^(?:null|true|false|current_(?:time|date|timestamp))$/i;

function isBareDefault(text: string, before: Token | undefined, flavour: Flavour): boolean {
  return (
    flavour === 'sqlite' &&
    before?.kind === 'word' &&
    lower(before.text) === 'default' &&
    !VALUES.test(text)
  );
}

/** No database folds other letters than these in each of its encodings. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

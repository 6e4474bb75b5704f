import type { TokenKind } from './token.ts';

/** A token from an offset on; `end` is exclusive. */
export interface Span {
  readonly kind: TokenKind;
  readonly end: number;
}

/** Reads one kind of token, if one begins at this offset. */
export type Reader = (sql: string, at: number) => Span | undefined;

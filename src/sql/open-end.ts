import type { Dialect } from '../model/dialect.ts';
import type { Piece, Statement } from './statements.ts';
import { bodyOf } from './tokens/bodies.ts';
import { flavourOf, type Flavour } from './tokens/flavour.ts';
import { gapEnd } from './tokens/gaps.ts';
import { lex } from './tokens/lexer.ts';
import type { Token } from './tokens/token.ts';

type Open = 'comment' | 'literal' | 'body';

/** A place where a piece ends too early: at a breakpoint (`cut`), or where the text does. */
export interface OpenEnd {
  readonly kind: `cut ${Open}` | `open ${Open}`;
  /** 1-based. */
  readonly line: number;
  /** What is there, and what comes of it; a clause. */
  readonly message: string;
  /** What to do; a sentence. */
  readonly fix: string;
}

/**
 * What the end of a piece is inside of: a quote or comment, the body of a trigger or routine, or a
 * parenthesis. Whatever follows it would not be seen as a statement.
 * @param next the piece behind it, where a breakpoint ends this one
 */
export function openEnd(
  sql: string,
  piece: Piece,
  next: Piece | undefined,
  dialect: Dialect,
): OpenEnd | undefined {
  const { start, end, statements } = piece;
  const text = sql.slice(start, end);
  const tokens = lex(text, dialect);
  const goesOn = (more: string): boolean => lex(text + more, dialect).length === tokens.length;
  const last = tokens.at(-1);
  if (goesOn('\nx')) {
    const from =
      last?.kind === 'unterminated' ? last.start : openComment(text, last, flavourOf(dialect));
    const [open = ''] = /^(?:\/\*|\$[^$]*\$|.*?['"`[])/.exec(text.slice(from)) ?? [];
    const what = open === '/*' ? 'comment' : 'literal';
    if (next === undefined) return hasNoEnd(what, open, lineAt(sql, start + from), dialect);
    return cutBy(lineAt(sql, end), what, 'the migrator splits there too');
  }
  const open = statements.at(-1);
  if (open !== undefined && isOpen(open, dialect))
    return next === undefined
      ? hasNoEnd('body', 'statement', open.line, dialect)
      : cutBy(lineAt(sql, end), 'body', 'the migrator splits there too');
  const [rest = ''] = next === undefined ? [] : sql.slice(next.start, next.end).split('\n');
  if (next === undefined || !goesOn(' x') || lex(rest, dialect).length === 0) return undefined;
  return cutBy(lineAt(sql, end), 'comment', 'what follows on that line is run');
}

function cutBy(line: number, what: Open, answer: string): OpenEnd {
  const inside = what === 'body' ? 'statement' : what;
  return {
    kind: `cut ${what}`,
    line,
    message: `the breakpoint of line ${line} is inside a ${inside}, and ${answer}`,
    fix: `Take the breakpoint of line ${line} out of the ${inside}.`,
  };
}

/** @param open how it begins */
function hasNoEnd(what: Open, open: string, line: number, dialect: Dialect): OpenEnd {
  const answer =
    what === 'comment' && flavourOf(dialect) === 'sqlite'
      ? 'all that follows is part of it, without a word'
      : 'that is a syntax error';
  return {
    kind: `open ${what}`,
    line,
    message: `the ${open} of line ${line} has no end: ${answer}`,
    fix: `End the ${open} of line ${line}.`,
  };
}

/** Where the comment without an end begins that sqlite takes for white space. */
function openComment(text: string, last: Token | undefined, flavour: Flavour): number {
  let at = last?.end ?? (text.startsWith('\uFEFF') ? 1 : 0);
  for (let end = at; ; at = end) {
    end = gapEnd(text, at, flavour);
    if (end === text.length) return at;
  }
}

/** Whether a body or, in postgresql, a parenthesis of a statement does not end. */
function isOpen({ tokens }: Statement, dialect: Dialect): boolean {
  const body = bodyOf(flavourOf(dialect));
  for (const token of tokens) body.take(token);
  return body.open;
}

/** 1-based. */
export function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split('\n').length;
}

import type { Dialect } from '../model/dialect.ts';
import { bodyOf } from './tokens/bodies.ts';
import { flavourOf } from './tokens/flavour.ts';
import { lexText } from './tokens/lexer.ts';
import { statementKey, type Token } from './tokens/token.ts';

export interface Statement {
  /** Without the `;` at its end; never empty. */
  readonly tokens: readonly Token[];
  /**
   * Its source from the first token to the last, with the comments in between; see `Token.text` for
   * line endings.
   */
  readonly source: string;
  /** 1-based line of its first token. */
  readonly line: number;
  /** Equal for statements that say the same: see `statementKey`. */
  readonly key: string;
}

/** What the migrator hands to the driver at once: the text between two breakpoints. */
export interface Piece {
  /** Offsets into the migration's text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly statements: readonly Statement[];
}

/**
 * The statements of a migration, without empty ones. A `;` at top level ends one (not in the body
 * of a trigger or routine), and so does a breakpoint; several of them count as one.
 */
export function splitStatements(sql: string, dialect: Dialect): readonly Statement[] {
  return splitPieces(sql, dialect).flatMap(({ statements }) => statements);
}

/** A migration in the pieces that the migrator makes of it; at least one. */
export function splitPieces(sql: string, dialect: Dialect): readonly Piece[] {
  const { tokens, slice } = lexText(sql, dialect);
  const flavour = flavourOf(dialect);
  const pieces: Piece[] = [];
  let statements: Statement[] = [];
  let own: Token[] = [];
  let body = bodyOf(flavour);
  let start = 0;
  const finish = (): void => {
    const [first, last] = [own[0], own.at(-1)];
    if (first !== undefined && last !== undefined)
      statements.push({
        tokens: own,
        source: slice(first.start, last.end),
        line: first.line,
        key: statementKey(own, flavour),
      });
    own = [];
    body = bodyOf(flavour);
  };
  for (const token of tokens) {
    if (token.kind === 'breakpoint') {
      finish();
      pieces.push({ start, end: token.start, statements });
      statements = [];
      start = token.end;
    } else if (token.text === ';' && !body.open) finish();
    else {
      own.push(token);
      body.take(token);
    }
  }
  finish();
  return [...pieces, { start, end: sql.length, statements }];
}

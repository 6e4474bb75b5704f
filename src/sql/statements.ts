import type { Dialect } from '../model/dialect.ts';
import { bodyOf } from './tokens/bodies.ts';
import { flavourOf } from './tokens/flavour.ts';
import { BREAKPOINT } from './tokens/gaps.ts';
import { lexText } from './tokens/lexer.ts';
import type { Token } from './tokens/token.ts';

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
  /** The piece that it begins in, from 0: the migrator runs a migration in pieces. */
  readonly piece: number;
  /**
   * The migrator splits it: there is a breakpoint inside one of its literals or block comments. A
   * quoted literal is split here too (`unterminated`), a dollar-quoted one or a comment is not.
   */
  readonly breakpointInside: boolean;
}

/** One `--> statement-breakpoint`. */
export interface Breakpoint {
  /** 1-based. */
  readonly line: number;
  /**
   * It is inside a literal or a block comment, which goes on for a database; the migrator splits
   * there anyway.
   */
  readonly inside: boolean;
}

export interface Script {
  readonly statements: readonly Statement[];
  readonly breakpoints: readonly Breakpoint[];
}

/**
 * The statements of a migration, without empty ones. A `;` at top level ends one (not in the body
 * of a trigger or routine), and so does a breakpoint outside literals and block comments; several
 * of them count as one. Join what drizzle-kit's API returns first, with BREAKPOINT and a line feed
 * as drizzle-kit does (`writeResult`): one of its strings may be several statements.
 */
export function splitStatements(sql: string, dialect: Dialect): readonly Statement[] {
  return readScript(sql, dialect).statements;
}

/** As `splitStatements`, with the breakpoints. */
export function readScript(sql: string, dialect: Dialect): Script {
  const { tokens, slice } = lexText(sql, dialect);
  const flavour = flavourOf(dialect);
  const offsets = breakpointOffsets(sql);
  const statements: Statement[] = [];
  let own: Token[] = [];
  let body = bodyOf(flavour);
  let piece = 0;
  const finish = (end?: Token): void => {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return;
    while ((offsets[piece] ?? Infinity) < first.start) piece++;
    const cut = end !== undefined && cuts(end, last);
    const source = slice(first.start, last.end);
    statements.push({
      tokens: own,
      source,
      line: first.line,
      piece,
      breakpointInside: cut || source.includes(BREAKPOINT),
    });
    own = [];
    body = bodyOf(flavour);
  };
  for (const token of tokens) {
    if (token.kind === 'breakpoint' || (token.text === ';' && !body.open)) {
      finish(token);
      continue;
    }
    own.push(token);
    body.take(token);
  }
  finish();
  const outside = new Set(
    tokens.flatMap((token, at) =>
      token.kind === 'breakpoint' && !cuts(token, tokens[at - 1]) ? [token.start] : [],
    ),
  );
  return { statements, breakpoints: describe(sql, offsets, outside) };
}

/**
 * Statements that begin in the same piece as the one before: a driver that runs one statement a
 * piece does not run them.
 */
export function withoutBreakpoint(script: Script): readonly Statement[] {
  return script.statements.filter(
    ({ piece }, index) => index > 0 && script.statements[index - 1]?.piece === piece,
  );
}

/** Whether this is a breakpoint inside a quoted literal. */
function cuts({ kind, start }: Token, before: Token | undefined): boolean {
  return kind === 'breakpoint' && before?.kind === 'unterminated' && before.end === start;
}

function breakpointOffsets(sql: string): readonly number[] {
  const offsets: number[] = [];
  for (
    let at = sql.indexOf(BREAKPOINT);
    at !== -1;
    at = sql.indexOf(BREAKPOINT, at + BREAKPOINT.length)
  )
    offsets.push(at);
  return offsets;
}

function describe(
  sql: string,
  offsets: readonly number[],
  outside: ReadonlySet<number>,
): readonly Breakpoint[] {
  let line = 1;
  let counted = 0;
  return offsets.map((offset) => {
    for (; counted < offset; counted++) if (sql[counted] === '\n') line++;
    return { line, inside: !outside.has(offset) };
  });
}

import type { Dialect } from '../model/dialect.ts';
import { answersOf, type Answers, type Target } from './drivers.ts';
import { splitPieces, type Piece, type Statement } from './statements.ts';
import { lex } from './tokens/lexer.ts';

/** A place of a migration that does not run as it is written. */
export interface RunProblem {
  readonly kind: 'byte order mark' | 'second statement' | 'empty' | 'cut comment' | 'cut literal';
  /** 1-based. */
  readonly line: number;
  /** What is there, and what comes of it; a clause. */
  readonly message: string;
  /** What to do; a sentence. */
  readonly fix: string;
  /** Where it is: offsets into the text. */
  readonly piece: Pick<Piece, 'start' | 'end'>;
}

/**
 * Where the migrator and a driver that the project may use would not run all of a migration, or run
 * something else: the migrator splits it at each breakpoint, wherever that is, and hands over the
 * pieces one by one.
 * @param generated what drizzle-kit generates, whose own problems do not count; 'unknown' where
 * that cannot be asked; undefined where a person wrote the migration
 */
export function runProblems(
  sql: string,
  target: Target,
  generated?: string,
): readonly RunProblem[] {
  const found = [...problemsOf(sql, target)];
  // drizzle-kit does not double the quotes in JSON and array defaults.
  if (generated === undefined || generated === 'unknown')
    return found
      .map(({ problem }) => problem)
      .filter(({ kind }) => generated === undefined || kind !== 'cut literal');
  const its = [...problemsOf(generated, target)].map(({ key }) => key);
  return found.flatMap(({ problem, key }) => {
    const at = its.indexOf(key);
    if (at === -1) return [problem];
    its.splice(at, 1);
    return [];
  });
}

interface Found {
  readonly problem: RunProblem;
  /** Equal for problems of one kind between the same statements. */
  readonly key: string;
}

function* problemsOf(sql: string, target: Target): Generator<Found> {
  const answers = answersOf(target);
  const pieces = splitPieces(sql, target.dialect);
  let before: Statement | undefined;
  for (const [at, piece] of pieces.entries()) {
    const [first, ...more] = piece.statements;
    const text = sql.slice(piece.start, piece.end);
    const found = (problem: Omit<RunProblem, 'piece'>, next = first): Found => ({
      problem: { ...problem, piece },
      key: [problem.kind, before?.key, next?.key].join('\0'),
    });
    if (at === 0 && text.startsWith('\uFEFF') && answers.byteOrderMark !== undefined)
      yield found(byteOrderMark(answers.byteOrderMark));
    const empty = /[^;\s]/.test(text) ? answers.comment : answers.nothing;
    if (first === undefined && empty !== undefined) yield found(emptyPiece(sql, pieces, at, empty));
    before = first ?? before;
    for (const statement of more) {
      const isCut = statement.tokens[0]?.kind === 'unterminated';
      if (answers.secondStatement !== undefined && !isCut)
        yield found(secondStatement(statement, answers.secondStatement), statement);
      before = statement;
    }
    const cut = cutBehind(sql, piece, pieces[at + 1], target.dialect);
    if (cut !== undefined) yield found(cut);
  }
}

type Described = Omit<RunProblem, 'piece'>;

function byteOrderMark(answer: NonNullable<Answers['byteOrderMark']>): Described {
  return {
    kind: 'byte order mark',
    line: 1,
    message: `it begins with a byte order mark: ${answer}`,
    fix: 'Save it as UTF-8 without a byte order mark.',
  };
}

function secondStatement({ line }: Statement, answer: string): Described {
  return {
    kind: 'second statement',
    line,
    message: `there is no breakpoint before the statement of line ${line}: ${answer}`,
    fix: `Put a breakpoint above line ${line}.`,
  };
}

function emptyPiece(sql: string, pieces: readonly Piece[], at: number, answer: string): Described {
  if (pieces.every(({ statements }) => statements.length === 0))
    return {
      kind: 'empty',
      line: 1,
      message: `it has no statement: ${answer}`,
      fix: 'Write its SQL.',
    };
  const [before, behind] = [pieces[at - 1], pieces[at + 1] && pieces[at]].map((piece) =>
    piece === undefined ? undefined : lineAt(sql, piece.end),
  );
  const line = before ?? behind ?? 1;
  const where =
    before !== undefined && behind !== undefined
      ? `between the breakpoints of the lines ${before} and ${behind}`
      : `${before === undefined ? 'before' : 'behind'} the breakpoint of line ${line}`;
  return {
    kind: 'empty',
    line,
    message: `there is no statement ${where}: ${answer}`,
    fix: `Take the breakpoint of line ${line} out.`,
  };
}

/** Whether the breakpoint at the end of a piece is inside something that would go on behind it. */
function cutBehind(
  sql: string,
  { start, end }: Piece,
  next: Piece | undefined,
  dialect: Dialect,
): Described | undefined {
  if (next === undefined) return undefined;
  const text = sql.slice(start, end);
  const line = lineAt(sql, end);
  const tokens = lex(text, dialect);
  const goesOn = (more: string): boolean => lex(text + more, dialect).length === tokens.length;
  if (goesOn('\nx')) {
    const last = tokens.at(-1);
    const isLiteral = last?.kind === 'unterminated' && !last.text.startsWith('/*');
    const what = isLiteral ? 'literal' : 'comment';
    return {
      kind: isLiteral ? 'cut literal' : 'cut comment',
      line,
      message: `the breakpoint of line ${line} is inside a ${what}, and the migrator splits there all the same`,
      fix: `Take the breakpoint of line ${line} out of the ${what}.`,
    };
  }
  const [rest = ''] = sql.slice(next.start, next.end).split('\n');
  if (!goesOn(' x') || lex(rest, dialect).length === 0) return undefined;
  return {
    kind: 'cut comment',
    line,
    message: `the breakpoint of line ${line} is inside a comment, and what follows on that line is run`,
    fix: `Take the breakpoint of line ${line} out of the comment.`,
  };
}

function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split('\n').length;
}

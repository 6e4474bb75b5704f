import { answersOf, type Target } from './drivers.ts';
import { lineAt, openEnd, type OpenEnd } from './open-end.ts';
import { splitPieces, type Piece, type Statement } from './statements.ts';

/** A place of a migration that does not run as it is written. */
export interface RunProblem {
  readonly kind: 'byte order mark' | 'second statement' | 'empty' | OpenEnd['kind'];
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
  if (generated === undefined || generated === 'unknown')
    return found
      .map(({ problem }) => problem)
      .filter(({ kind }) => generated === undefined || !OF_LONE_QUOTES.has(kind));
  const its = [...problemsOf(generated, target)].map(({ key }) => key);
  return found.flatMap(({ problem, key }) => {
    const at = its.indexOf(key);
    if (at === -1) return [problem];
    its.splice(at, 1);
    return [];
  });
}

/** drizzle-kit does not double the quotes in JSON and array defaults. */
const OF_LONE_QUOTES: ReadonlySet<RunProblem['kind']> = new Set([
  'cut literal',
  'cut body',
  'open literal',
  'open body',
]);

interface Found {
  readonly problem: RunProblem;
  /**
   * Equal for problems of one kind between the same statements, whether or not a breakpoint ends
   * the piece.
   */
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
      key: [problem.kind.replace(/^open /, 'cut '), before?.key, next?.key].join('\0'),
    });
    if (answers.byteOrderMark !== undefined) {
      if (at === 0 && text.startsWith(MARK)) yield found(byteOrderMark(answers.byteOrderMark));
      for (const statement of piece.statements)
        if (statement.source.startsWith(MARK))
          yield found(byteOrderMark(answers.byteOrderMark, statement.line), statement);
    }
    const empty = /[^;\s]/.test(text) ? answers.comment : answers.nothing;
    if (first === undefined && empty !== undefined) yield found(emptyPiece(sql, pieces, at, empty));
    before = first ?? before;
    for (const statement of more) {
      const isCut = statement.tokens[0]?.kind === 'unterminated';
      if (answers.secondStatement !== undefined && !isCut)
        yield found(secondStatement(statement, answers.secondStatement), statement);
      before = statement;
    }
    const open = openEnd(sql, piece, pieces[at + 1], target.dialect);
    if (open !== undefined) yield found(open);
  }
}

type Described = Omit<RunProblem, 'piece'>;

const MARK = '\uFEFF';

/** @param within the line of a statement that begins with it, as where files were joined */
function byteOrderMark(answer: string, within?: number): Described {
  const [what, fix] =
    within === undefined
      ? ['it', 'Save it as UTF-8 without a byte order mark.']
      : [`the statement of line ${within}`, `Take the byte order mark of line ${within} out.`];
  return {
    kind: 'byte order mark',
    line: within ?? 1,
    message: `${what} begins with a byte order mark: ${answer}`,
    fix,
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

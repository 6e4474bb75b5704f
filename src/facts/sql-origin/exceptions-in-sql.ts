import type { Dialect } from '../../model/dialect.ts';
import type { Project } from '../../project/project.ts';
import { alignStatements, type Step } from '../../sql/align.ts';
import { allowComments, type AllowComment } from '../../sql/allow-comments.ts';
import { splitStatements, type Statement } from '../../sql/statements.ts';
import { BREAKPOINT } from '../../sql/tokens/lexer.ts';

export interface Excused {
  /** The steps from what drizzle-kit generates to what is staged that nothing excuses. */
  readonly unexcused: readonly Step[];
  /** The comments that excused a step. */
  readonly used: ReadonlySet<AllowComment>;
  /** Where comments would have to stand to excuse the rest. */
  readonly positions: readonly Position[];
}

/** Above this line (1-based), or at the end of the file. */
export type Position = number | 'end';

/** How a project's drizzle-kit writes SQL. */
type Writes = Pick<Project, 'dialect' | 'breakpoints'>;

/** The statements that drizzle-kit's API gives, as drizzle-kit writes them (`writeResult`). */
export function generatedText(
  statements: readonly string[],
  { breakpoints }: Pick<Writes, 'breakpoints'>,
): string {
  return statements.join(breakpoints ? `${BREAKPOINT}\n` : '\n');
}

/** The same, split as a file is. */
export function generatedStatements(
  statements: readonly string[],
  writes: Writes,
): readonly Statement[] {
  return splitStatements(generatedText(statements, writes), writes.dialect);
}

/**
 * Which differences a comment `-- guard-allow <rule>: <reason>` excuses: those between the comment
 * and the next statement that is as generated, on a line of its own. An exception in one part of a
 * file never excuses a difference in another.
 * @param rule the id of the rule that reports the differences
 */
export function excuse(
  { expected, sql }: { readonly expected: readonly string[]; readonly sql: string },
  writes: Writes,
  rule: string,
): Excused {
  const comments = excusesFrom(rule, sql, writes.dialect);
  const used = new Set<AllowComment>();
  const unexcused: Step[] = [];
  const positions = new Set<Position>();
  const steps = alignStatements(
    generatedStatements(expected, writes),
    splitStatements(sql, writes.dialect),
  );
  const unchanged: Statement[] = [];
  // Up to the next statement that is as generated, one comment does for all.
  let hasPosition = false;
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'same') {
      unchanged.push(step.actual);
      hasPosition = false;
      continue;
    }
    // What is missing is missing before the next statement that is there.
    const next = step.kind === 'missing' ? nextPresent(steps, at) : step.actual;
    const until = next === undefined ? Infinity : startOf(next);
    // "Above line 3" also stands above what shares line 3 with it, as generated.
    const last = unchanged.findLast(({ line }) => next === undefined || line < next.line);
    const since = last === undefined ? -1 : startOf(last);
    const comment = comments.find(({ offset }) => offset > since && offset < until);
    if (comment !== undefined) {
      used.add(comment);
      continue;
    }
    unexcused.push(step);
    if (!hasPosition) positions.add(next?.line ?? 'end');
    hasPosition = true;
  }
  return { unexcused, used, positions: [...positions] };
}

function excusesFrom(rule: string, sql: string, dialect: Dialect): readonly AllowComment[] {
  return allowComments(sql, dialect).filter(
    (comment) => comment.rule === rule && comment.reason !== '',
  );
}

function nextPresent(steps: readonly Step[], from: number): Statement | undefined {
  for (const step of steps.slice(from)) if (step.kind !== 'missing') return step.actual;
  return undefined;
}

function startOf({ tokens }: Statement): number {
  return tokens[0]?.start ?? 0;
}

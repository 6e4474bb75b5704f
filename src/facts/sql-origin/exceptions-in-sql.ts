import type { Dialect } from '../../model/dialect.ts';
import { alignStatements, type Step } from '../../sql/align.ts';
import { allowComments, type AllowComment } from '../../sql/allow-comments.ts';
import { splitStatements, type Statement } from '../../sql/statements.ts';

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

/**
 * The statements that drizzle-kit's API gives, joined as drizzle-kit joins them and split as a file
 * is.
 */
export function generatedStatements(
  statements: readonly string[],
  dialect: Dialect,
): readonly Statement[] {
  return splitStatements(statements.join('\n--> statement-breakpoint\n'), dialect);
}

/**
 * Which differences a comment `-- guard-allow <rule>: <reason>` excuses: those between the comment
 * and the next statement that is as generated. An exception in one part of a file never excuses a
 * difference in another.
 * @param rule the id of the rule that reports the differences
 */
export function excuse(
  { expected, sql }: { readonly expected: readonly string[]; readonly sql: string },
  dialect: Dialect,
  rule: string,
): Excused {
  const comments = allowComments(sql, dialect).filter(
    (comment) => comment.rule === rule && comment.reason !== '',
  );
  const used = new Set<AllowComment>();
  const unexcused: Step[] = [];
  const positions = new Set<Position>();
  const steps = alignStatements(
    generatedStatements(expected, dialect),
    splitStatements(sql, dialect),
  );
  let since = -1;
  // Up to the next statement that is as generated, one comment does for all.
  let hasPosition = false;
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'same') {
      since = startOf(step.actual);
      hasPosition = false;
      continue;
    }
    // What is missing is missing before the next statement that is there.
    const next = step.kind === 'missing' ? nextPresent(steps, at) : step.actual;
    const until = next === undefined ? Infinity : startOf(next);
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

function nextPresent(steps: readonly Step[], from: number): Statement | undefined {
  for (const step of steps.slice(from)) if (step.kind !== 'missing') return step.actual;
  return undefined;
}

function startOf({ tokens }: Statement): number {
  return tokens[0]?.start ?? 0;
}

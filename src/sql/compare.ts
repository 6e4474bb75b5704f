import { alignStatements, keyOf } from './align.ts';
import { holdsInOrder } from './common-order.ts';
import type { Statement } from './statements.ts';

interface StatementPair {
  readonly expected: Statement;
  readonly actual: Statement;
}

export interface Comparison {
  /** The same statements, token by token, in the same order: the only way to be the same. */
  readonly same: boolean;
  /** Every expected statement is there, unchanged and in order, with others among them. */
  readonly onlyAdded: boolean;
  /** Expected, and neither it nor a similar one is there. */
  readonly missing: readonly Statement[];
  /** There, and neither it nor a similar one is expected. */
  readonly added: readonly Statement[];
  /** Similar and at the same position, but not the same. Which belongs to which is a guess. */
  readonly changed: readonly StatementPair[];
  /** The same, token by token, but at another position. */
  readonly moved: readonly StatementPair[];
}

/**
 * Compares statements token by token (`statementKey`). Each statement is in at most one of the four
 * lists.
 */
export function compareStatements(
  expected: readonly Statement[],
  actual: readonly Statement[],
): Comparison {
  const missing: Statement[] = [];
  const added: Statement[] = [];
  const changed: StatementPair[] = [];
  const moved: StatementPair[] = [];
  for (const step of alignStatements(expected, actual)) {
    if (step.kind === 'changed') changed.push({ expected: step.expected, actual: step.actual });
    else if (step.kind === 'missing' && step.elsewhere !== undefined)
      moved.push({ expected: step.expected, actual: step.elsewhere });
    else if (step.kind === 'missing') missing.push(step.expected);
    else if (step.kind === 'added' && step.elsewhere === undefined) added.push(step.actual);
  }
  const same = missing.length + added.length + changed.length + moved.length === 0;
  return {
    same,
    onlyAdded: !same && holdsInOrder(expected.map(keyOf), actual.map(keyOf)),
    missing,
    added,
    changed,
    moved,
  };
}

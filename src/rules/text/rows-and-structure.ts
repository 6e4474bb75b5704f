import type { Action } from '../../facts/review/action.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';

/** The first statement that changes rows, where another one changes the structure. */
export function mixed(statements: readonly ReadStatement[]): ReadStatement | undefined {
  if (!statements.some(({ actions }) => actions.some(isStructure))) return undefined;
  return statements.find(({ actions }) => actions.some(({ kind }) => isOfRows(kind)));
}

function isStructure({ kind }: Action): boolean {
  return !isOfRows(kind) && !['other', 'transaction', 'privileges', 'rename index'].includes(kind);
}

export function isOfRows(kind: Action['kind']): boolean {
  return kind === 'insert' || kind === 'update' || kind === 'delete';
}

import { tableBefore } from './before.ts';
import { sameName } from './names.ts';
import type { Rename } from './renamed.ts';
import type { Review } from './review.ts';

/**
 * What the SQL renames while the snapshots say that it stays, and nothing else takes the old name:
 * code that is made from the schema no longer finds it.
 */
export function renamedByHand(review: Review): readonly Rename[] {
  const { statements, before, after } = review;
  const actions = statements.flatMap((one) => one.actions);
  return actions.filter((one): one is Rename => {
    if (one.kind === 'rename table') {
      const isMade = actions.some(
        (other) =>
          (other.kind === 'create table' && sameName(other.table, one.table)) ||
          (other.kind === 'rename table' && sameName(other.to, one.table)),
      );
      return (
        before.tables.has(one.table) &&
        after.tables.has(one.table) &&
        !after.tables.has(one.to) &&
        !isMade
      );
    }
    if (one.kind !== 'rename column') return false;
    const { table, column, to } = one;
    const [then, now] = [tableBefore(review, table)?.columns, after.tables.get(table)?.columns];
    const isMade = actions.some(
      (other) =>
        (other.kind === 'add column' && sameName(other.column, column)) ||
        (other.kind === 'rename column' && sameName(other.to, column)),
    );
    return then?.has(column) === true && now?.has(column) === true && !now.has(to) && !isMade;
  });
}

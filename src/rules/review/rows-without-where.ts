import { hasRows } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { copyOf, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'rows-without-where',
  severity: 'warning',
  title: 'an UPDATE or DELETE without WHERE works on every row of a table',
  why: 'It cannot be taken back, and locks every row until the whole migration has run.',
  details:
    'Exempt are an UPDATE that only fills columns which the same change adds, tables that only ' +
    'unpublished migrations made, and tables that the migration drops.',
  fix: 'Say with WHERE which rows are meant; keep a copy of what cannot be made again.',
  examples: {
    refused: 'DELETE FROM "sessions";',
    passes: 'DELETE FROM "sessions" WHERE "expires_at" < now();',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const q = quoting(review.dialect);
    for (const at of review.statements)
      for (const action of at.actions) {
        if ((action.kind !== 'update' && action.kind !== 'delete') || action.hasWhere) continue;
        const { table, columns } = action;
        if (!hasRows(review, table) || isDropped(review, table)) continue;
        const old = columns.filter((column) => !isNew(review, table, column));
        if (action.kind === 'update' && old.length === 0) continue;
        yield {
          about: `${action.kind} ${table}`,
          at,
          message:
            action.kind === 'delete'
              ? `DELETE without WHERE takes every row of ${table} away`
              : `UPDATE without WHERE changes ${listed(old)} in every row of ${table}`,
          safe: [
            {
              text: 'Say with WHERE which rows are meant. See how many there are:',
              sql: `SELECT count(*) FROM ${q(table)};`,
            },
            {
              text: 'Or keep what it changes, above the statement:',
              sql: `${copyOf(review, table, madeName(table, 'kept'))}\n--> statement-breakpoint`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

function isDropped({ changes }: Review, table: string): boolean {
  return changes.tables.some(({ name, after }) => after === undefined && sameName(name, table));
}

/** Whether only the unpublished migrations add a column. */
function isNew({ statements, earlier, changes }: Review, table: string, column: string): boolean {
  return (
    changes.columns.some(
      (one) => one.before === undefined && one.table === table && sameName(one.name, column),
    ) ||
    [...earlier, ...statements].some(({ actions }) =>
      actions.some(
        (one) =>
          one.kind === 'add column' && sameName(one.table, table) && sameName(one.column, column),
      ),
    )
  );
}

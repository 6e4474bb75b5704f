import type { Action } from '../../facts/review/action.ts';
import { hasRows, mentions } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { ifForgotten, isCatalog, isMadeBySqlite } from '../text/own-tables.ts';
import { bareName, copyOf, engineOf, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'rows-without-where',
  severity: 'warning',
  title: 'an UPDATE or DELETE works on every row of a table',
  why: 'It cannot be taken back, and locks every row until the whole migration has run.',
  details:
    'Without WHERE, or with one that holds for each row: `true`, `1 = 1`, IS NOT NULL of a column ' +
    'that is never NULL, `id > 0` of a key, `id IN (SELECT id FROM ...)` of the table ' +
    'itself; of MySQL and SQL Server likewise a JOIN without ON, or a LEFT JOIN from the table ' +
    'itself. An upsert, or a REPLACE, of all that the table itself has counts likewise. Exempt ' +
    'are an UPDATE that only fills columns which the same change adds, tables that only unpublished ' +
    'migrations made, tables that the migration drops, and rows that it puts back from a copy of its ' +
    'own.',
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
        if ((action.kind !== 'update' && action.kind !== 'delete') || !isOfAll(review, action))
          continue;
        const { table, columns } = action;
        if (!hasRows(review, table) || isDropped(review, table)) continue;
        if (isCatalog(review, table) || isMadeBySqlite(review, table)) continue;
        if (action.kind === 'delete' && isPutBack(review, table, at)) continue;
        const old = columns.filter((column) => !isNew(review, table, column));
        if (action.kind === 'update' && columns.length > 0 && old.length === 0) continue;
        yield {
          about: `${action.kind} ${table}`,
          at,
          message: messageOf(at, action, old),
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

type OfRows = Extract<Action, { readonly kind: 'update' | 'delete' }>;

/** Whether it means every row: without WHERE, or with one that holds for each. */
function isOfAll(
  { before, dialect }: Review,
  { hasWhere, whereNotNull, wherePositive, table }: OfRows,
): boolean {
  if (!hasWhere) return true;
  const own = [...before.tables.values()].find(({ name }) => sameName(name, table));
  if (wherePositive !== undefined) {
    const [key, ...more] = own?.primaryKey ?? [];
    const isRowid =
      engineOf({ dialect }) === 'sqlite' && /^(?:rowid|_rowid_|oid)$/i.test(wherePositive);
    return isRowid || (key !== undefined && more.length === 0 && sameName(key, wherePositive));
  }
  if (whereNotNull === undefined) return false;
  const column = [...(own?.columns.values() ?? [])].find(({ name }) =>
    sameName(name, whereNotNull),
  );
  return (
    column?.notNull === true ||
    (column !== undefined && own?.primaryKey.includes(column.name) === true)
  );
}

function messageOf(at: ReadStatement, action: OfRows, old: readonly string[]): string {
  const { kind, table } = action;
  const [word = ''] = at.source.split(/\s/);
  if (/^merge$/i.test(word) && kind === 'delete')
    return `MERGE takes every row of ${table} away that its source does not have`;
  const how =
    action.why === 'every row is joined'
      ? 'with a JOIN that leaves no row out'
      : action.why !== undefined || action.hasWhere
        ? 'with a WHERE that always holds'
        : 'without WHERE';
  if (/^replace$/i.test(word) && kind === 'update')
    return `REPLACE ${how} deletes every row of ${table} and writes it again`;
  if (/^insert$/i.test(word) && kind === 'update')
    return `INSERT from the table itself ${how} changes ${listed(old)} in every row of ${table}`;
  return kind === 'delete'
    ? `DELETE ${how} takes every row of ${table} away${ifForgotten(table)}`
    : `UPDATE ${how} changes ${listed(old)} in every row of ${table}`;
}

/** Whether the rows come back from a copy that the migration itself made before. */
function isPutBack({ statements }: Review, table: string, at: ReadStatement): boolean {
  const end = statements.indexOf(at);
  const copies = statements
    .slice(0, end)
    .flatMap((one) =>
      one.actions.flatMap((action) =>
        action.kind === 'create table' && mentions(one, bareName(table)) ? [action.table] : [],
      ),
    );
  return statements
    .slice(end + 1)
    .some((one) =>
      one.actions.some(
        (action) =>
          action.kind === 'insert' &&
          sameName(action.table, table) &&
          copies.some((copy) => mentions(one, bareName(copy))),
      ),
    );
}

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

import { mentions } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed } from '../text/safe-sql.ts';

export const rule = {
  id: 'sqlite-rebuild-copies-new-column',
  severity: 'warning',
  title: 'a rebuilt table of SQLite copies a column that the old one does not have',
  why:
    'SQLite takes "name" for the text where there is no such column: every row gets it as ' +
    'value.',
  details:
    'drizzle-kit 0.31 selects every column of the new table from the old one, in double quotes. ' +
    'Where SQLite is compiled without that habit (better-sqlite3) the statement fails instead.',
  fix:
    'Write the value for the rows that are there into the SELECT, or add the column in a ' +
    'migration of its own.',
  examples: {
    refused:
      'INSERT INTO `__new_users`("id", "plan") SELECT "id", "plan" FROM `users`; where ' +
      'users has no plan yet',
    passes: 'INSERT INTO `__new_users`("id", "plan") SELECT "id", \'free\' FROM `users`;',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const { table, name, before, after } of review.changes.columns) {
      if (before !== undefined || after === undefined || isAdded(review, table, name)) continue;
      const at = copyInto(review, table);
      if (at === undefined || !mentions(selected(at), name)) continue;
      const value = after.default ?? (after.notNull ? '<value>' : 'NULL');
      const list = selected(at).tokens[0]?.start ?? 0;
      const offset = list - (at.tokens[0]?.start ?? 0);
      const [into, from] = [at.source.slice(0, offset), at.source.slice(offset)];
      yield {
        about: `${table}.${name}`,
        at,
        message: `the copy of ${table} reads ${name} from the old table, which has no such column`,
        safe: [
          {
            text: 'Put its value into the SELECT, in the place of the statement:',
            sql: `${allowed('sql-edited', `the old table has no ${name}`)}\n${into}${from.replace(named(name), value)};`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** Whether an unpublished migration before it, or this one before the rebuild, adds the column. */
function isAdded({ earlier, statements }: Review, table: string, column: string): boolean {
  return [...earlier, ...statements].some(({ actions }) =>
    actions.some(
      (one) =>
        (one.kind === 'add column' && sameName(one.table, table) && sameName(one.column, column)) ||
        (one.kind === 'rename column' && sameName(one.to, column)),
    ),
  );
}

function copyInto({ statements, rebuilt }: Review, table: string): ReadStatement | undefined {
  if (!rebuilt.has(table)) return undefined;
  return statements.find(({ actions }) =>
    actions.some((one) => one.kind === 'insert' && sameName(one.table, `__new_${table}`)),
  );
}

/** The part of the copy from SELECT on. */
function selected(at: ReadStatement): ReadStatement {
  const from = at.tokens.findIndex(({ text }) => text.toUpperCase() === 'SELECT');
  return { ...at, tokens: at.tokens.slice(from) };
}

function named(column: string): RegExp {
  const name = column.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`["\`]${name}["\`]`);
}

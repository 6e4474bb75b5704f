import { hasRows } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Table } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'replace-loses-values',
  severity: 'warning',
  title: 'a REPLACE deletes the row that it replaces, with more than it brings back',
  why: 'Columns that it does not list lose their values, and rows that refer to the old one go with it.',
  details:
    'REPLACE INTO of MySQL and SQLite, and INSERT OR REPLACE: a row with the same key is deleted, ' +
    'which runs ON DELETE CASCADE and SET NULL of other tables, and a new one is inserted. Silent are ' +
    'tables to which no such key points, where the statement lists every column.',
  fix: 'Insert and update in one statement, which leaves the row where it is.',
  examples: {
    refused: "REPLACE INTO `plans` (`id`, `name`) VALUES (1, 'free');",
    passes:
      "INSERT INTO `plans` (`id`, `name`) VALUES (1, 'free') ON DUPLICATE KEY UPDATE `name` = 'free';",
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const q = quoting(review.dialect);
    for (const at of review.statements)
      for (const action of at.actions) {
        if (action.kind !== 'insert' || !action.replaces || !hasRows(review, action.table))
          continue;
        const table = [...review.before.tables.values()].find(({ name }) =>
          sameName(name, action.table),
        );
        if (table === undefined) continue;
        const lost = lostColumns(table, action.columns);
        const children = childrenOf(review, table.name);
        if (lost.length === 0 && children.length === 0) continue;
        const key = table.primaryKey.map(q).join(', ');
        const set = action.columns.filter((one) => !table.primaryKey.includes(one));
        yield {
          about: table.name,
          at,
          message: `each row of ${table.name} that is replaced is deleted first: ${[
            ...(lost.length === 0
              ? []
              : [`${listed(lost)} ${lost.length === 1 ? 'goes' : 'go'} back to the default`]),
            ...(children.length === 0 ? [] : [`rows of ${listed(children)} go with it`]),
          ].join(', and ')}`,
          safe: [
            {
              text: 'Begin with INSERT INTO, and put this at the end:',
              sql:
                engineOf(review) === 'mysql'
                  ? `ON DUPLICATE KEY UPDATE ${set.map((one) => `${q(one)} = VALUES(${q(one)})`).join(', ')};`
                  : `ON CONFLICT (${key}) DO UPDATE SET ${set.map((one) => `${q(one)} = excluded.${q(one)}`).join(', ')};`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

/** Those that have values which the statement does not bring; none where it lists none. */
function lostColumns(table: Table, columns: readonly string[]): readonly string[] {
  if (columns.length === 0) return [];
  return [...table.columns.values()].flatMap(({ name, generated }) =>
    generated !== undefined ||
    table.primaryKey.includes(name) ||
    columns.some((one) => sameName(one, name))
      ? []
      : [name],
  );
}

function childrenOf({ before }: Review, table: string): readonly string[] {
  return [...before.tables.values()].flatMap(({ name, foreignKeys }) =>
    [...foreignKeys.values()].some(
      (key) =>
        key.target === table && ['cascade', 'set null', 'set default'].includes(key.onDelete),
    )
      ? [name]
      : [],
  );
}

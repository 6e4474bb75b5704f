import { newForeignKeys } from '../../facts/review/before.ts';
import type { ReviewRule } from '../rule.ts';
import { bareName, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'foreign-key-target-not-unique',
  severity: 'warning',
  title: 'a new foreign key points to columns that nothing makes unique',
  why: 'PostgreSQL refuses it (42830); SQLite takes it, and fails at each change of a row.',
  details:
    'The target needs a primary key, a unique constraint or a unique index over these columns.',
  fix: 'Make the target unique, or point to its primary key.',
  examples: {
    refused: 'references(() => users.email) where users.email is not unique',
    passes: 'references(() => users.id)',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    const q = quoting(review.dialect);
    for (const { table, key, at } of newForeignKeys(review)) {
      const target = review.after.tables.get(key.target);
      if (target === undefined) continue;
      const same = (columns: readonly string[]): boolean =>
        columns.length === key.targetColumns.length &&
        columns.every((one) => key.targetColumns.includes(one));
      const isUnique =
        same(target.primaryKey) ||
        [...target.uniques.values()].some(
          ({ columns, where, expression }) => where === undefined && !expression && same(columns),
        );
      if (isUnique) continue;
      const columns = key.targetColumns.map(q).join(', ');
      const name = madeName(bareName(key.target), ...key.targetColumns, 'unique');
      yield {
        about: `${table}.${key.name}`,
        at,
        message:
          `${key.name} points to ${key.target} (${key.targetColumns.join(', ')}), which ` +
          'nothing makes unique',
        safe: [
          {
            text: 'Point to the primary key, or make the target unique in the schema; its SQL:',
            sql: `CREATE UNIQUE INDEX ${q(name)} ON ${q(key.target)} (${columns});`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

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
    for (const [table, { foreignKeys }] of review.after.tables)
      for (const [name, key] of foreignKeys) {
        const target = review.after.tables.get(key.target);
        if (target === undefined || review.before.tables.get(table)?.foreignKeys.has(name) === true)
          continue;
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
        yield {
          about: `${table}.${name}`,
          at: statementOn(review, ['add constraint', 'create table', 'add column'], table, [
            name,
            table,
            ...key.columns,
          ]),
          message:
            `${name} points to ${key.target} (${key.targetColumns.join(', ')}), which ` +
            'nothing makes unique',
          safe: [
            {
              text: 'Point to the primary key, or make the target unique in the schema; its SQL:',
              sql: `CREATE UNIQUE INDEX ON ${q(key.target)} (${columns});`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

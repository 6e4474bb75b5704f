import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'mysql-not-null-becomes-zero',
  severity: 'warning',
  title: 'MySQL fills a new NOT NULL column without a default with zeros or empty strings',
  why: 'Nothing fails: the rows that are there get a value that nobody chose.',
  details:
    'Also in strict mode: 0, the empty string, the first value of an enum. PostgreSQL and SQLite ' +
    'refuse such a column. Columns with a default, generated and counting columns are exempt.',
  fix: 'Give the column a default, or add it nullable, fill it, and make it NOT NULL after that.',
  examples: {
    refused: 'ALTER TABLE `users` ADD `plan` varchar(20) NOT NULL;',
    passes: "ALTER TABLE `users` ADD `plan` varchar(20) DEFAULT 'free' NOT NULL;",
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    if (review.dialect !== 'mysql') return;
    const q = quoting(review.dialect);
    for (const { table, name, before, after } of review.changes.columns) {
      if (before !== undefined || after === undefined || !after.notNull || after.counts) continue;
      if (after.default !== undefined || after.generated !== undefined) continue;
      const at = statementOn(review, ['add column'], table, [name]);
      const added = at?.actions.find((one) => one.kind === 'add column' && one.column === name);
      if (added?.kind === 'add column' && (!added.notNull || added.hasDefault)) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message:
          `${table}.${name} (${after.type}) is NOT NULL without a default: MySQL gives every ` +
          `row of ${table} a zero or an empty string`,
        safe: [
          { text: 'Leave out .notNull() first and generate the migration again.' },
          inCustom('Fill the column in a migration behind it:', state, [
            `UPDATE ${q(table)} SET ${q(name)} = <value> WHERE ${q(name)} IS NULL;`,
          ]),
          { text: 'Then put .notNull() back and generate once more; or give it a default.' },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

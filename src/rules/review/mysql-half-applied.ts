import type { ReviewRule } from '../rule.ts';
import { mixed } from '../text/rows-and-structure.ts';

export const rule = {
  id: 'mysql-half-applied',
  severity: 'note',
  title: 'a migration of MySQL changes rows and structure in one file',
  why:
    'MySQL commits at each ALTER TABLE: if a statement fails, those before it stay, and run ' +
    'again.',
  details:
    'The migrator records the migration at its end. After a failure in the middle the next attempt ' +
    'begins at the first statement, which then fails ("Duplicate column name").',
  fix: 'Put the rows into a migration of their own.',
  examples: {
    refused: "ALTER TABLE `users` ADD `plan` varchar(9); UPDATE `users` SET `plan` = 'free';",
    passes: 'the UPDATE in a migration made with --custom',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    if (review.dialect !== 'mysql') return;
    const rows = mixed(review.statements);
    if (rows === undefined) return;
    yield {
      about: 'rows and structure',
      at: rows,
      message: 'rows and structure change in one file, of which MySQL may keep a half',
      safe: [{ text: 'Put the statements about rows into a migration of their own (--custom).' }],
    };
  },
} as const satisfies ReviewRule;

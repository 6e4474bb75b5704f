import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'table-without-primary-key',
  severity: 'note',
  title: 'a new table has no primary key',
  why: 'Nothing names one row of it: equal rows are the same row, and replication needs a key.',
  details:
    'PostgreSQL cannot replicate an UPDATE or DELETE of it logically, and MySQL refuses it in a ' +
    'group. Also where it has a unique index instead.',
  fix: 'Give it a primary key; a table of pairs has one of both columns.',
  examples: {
    refused: 'CREATE TABLE "members" ("team" uuid NOT NULL, "user" uuid NOT NULL);',
    passes: 'the same with primaryKey({ columns: [table.team, table.user] })',
  },
  judges: 'migration',
  point: 'keys',
  *check(review, { how }) {
    for (const { name, before, after } of review.changes.tables) {
      if (before !== undefined || after === undefined || after.primaryKey.length > 0) continue;
      const at = statementOn(review, ['create table'], name, [name]);
      if (at?.tokens.some(({ text }) => text.toUpperCase() === 'PRIMARY') === true) continue;
      yield {
        about: name,
        at,
        message: `the new table ${name} has no primary key`,
        safe: [
          {
            text:
              'Add one in the schema while nobody has the table, remove this migration, and ' +
              'generate it again:',
            run: how.generate,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-schema',
  severity: 'warning',
  title: 'a schema of PostgreSQL, or a database of MySQL, is dropped',
  why: 'With CASCADE, and in MySQL, it takes all away that is in it; else it fails while anything is.',
  details:
    'Also tables, functions and types that Drizzle does not know. Exempt is a schema that unpublished ' +
    'migrations made.',
  fix: 'Rename it first, and drop it in a later release, when nothing has missed it.',
  examples: {
    refused: 'DROP SCHEMA "billing";',
    passes:
      'ALTER SCHEMA "billing" RENAME TO "billing_unused"; and its DROP SCHEMA in a later release',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    const q = quoting(review.dialect);
    const isMysql = engineOf(review) === 'mysql';
    for (const { name, after } of review.changes.schemas) {
      if (after !== undefined) continue;
      yield {
        about: name,
        at: statementOn(review, ['drop schema'], '', [name]),
        message: `the schema ${name} is dropped, with whatever is in it`,
        safe: [
          {
            text: 'See what is in it; it must be nothing:',
            sql: isMysql
              ? `SELECT table_name FROM information_schema.tables WHERE table_schema = '${name}';`
              : `SELECT oid::regclass FROM pg_class WHERE relnamespace = '${q(name)}'::regnamespace;`,
          },
          ...(isMysql
            ? []
            : [
                {
                  text: 'Or rename it by hand first, in the place of the statement:',
                  sql: `ALTER SCHEMA ${q(name)} RENAME TO ${q(`${name}_unused`)};`,
                },
              ]),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

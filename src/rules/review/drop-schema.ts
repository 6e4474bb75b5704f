import { statementOn } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-schema',
  severity: 'warning',
  title: 'a schema or a database is dropped',
  why: 'With CASCADE, and a database always, all goes that is in it; else it fails while anything is.',
  details:
    'Also tables, functions and types that Drizzle does not know. Exempt is one that unpublished ' +
    'migrations made. DROP DATABASE of PostgreSQL runs in no transaction, which a rule of its own says.',
  fix: 'Rename it first, and drop it in a later release, when nothing has missed it.',
  examples: {
    refused: 'DROP SCHEMA "billing";',
    passes:
      'ALTER SCHEMA "billing" RENAME TO "billing_unused"; and its DROP SCHEMA in a later release',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    for (const { name, after } of review.changes.schemas) {
      if (after !== undefined) continue;
      const at = statementOn(review, ['drop schema'], '', [name]);
      const isDatabase = /^database$/i.test(at?.tokens[1]?.text ?? '');
      const { inside, rename } = waysOf(review, name, isDatabase);
      yield {
        about: name,
        at,
        message: `the ${isDatabase ? 'database' : 'schema'} ${name} is dropped, with whatever is in it`,
        safe: [
          { text: 'See what is in it; it must be nothing:', sql: inside },
          ...(rename === undefined
            ? []
            : [
                {
                  text: 'Or rename it by hand first, in the place of the statement:',
                  sql: rename,
                },
              ]),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** A query of what is in it, and another name for it, where it can get one. */
function waysOf(
  review: Review,
  name: string,
  isDatabase: boolean,
): { readonly inside: string; readonly rename?: string } {
  const q = quoting(review.dialect);
  const [own, unused] = [q(name), q(`${name}_unused`)];
  const engine = engineOf(review);
  if (engine === 'mysql')
    return {
      inside: `SELECT table_name FROM information_schema.tables WHERE table_schema = '${name}';`,
    };
  if (engine === 'mssql')
    return isDatabase
      ? {
          inside: `SELECT name FROM ${own}.sys.tables;`,
          rename: `ALTER DATABASE ${own} MODIFY NAME = ${unused};`,
        }
      : { inside: `SELECT name FROM sys.objects WHERE schema_id = SCHEMA_ID('${name}');` };
  return isDatabase
    ? { inside: `SHOW TABLES FROM ${own};`, rename: `ALTER DATABASE ${own} RENAME TO ${unused};` }
    : {
        inside: `SELECT oid::regclass FROM pg_class WHERE relnamespace = '${own}'::regnamespace;`,
        rename: `ALTER SCHEMA ${own} RENAME TO ${unused};`,
      };
}

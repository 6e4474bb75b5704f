import { newForeignKeys } from '../../facts/review/before.ts';
import {
  comparedInMysql,
  comparedInPostgresql,
  comparedInSqlite,
} from '../../facts/review/reference-types.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, type Engine } from '../text/safe-sql.ts';

export const rule = {
  id: 'foreign-key-type-mismatch',
  severity: 'warning',
  title: 'a new foreign key points to a column of another type',
  why: 'PostgreSQL and MySQL refuse it; in SQLite no value of the one is found in the other.',
  details:
    'What the database compares passes, as integer and bigint in PostgreSQL, varchar and text. MySQL ' +
    'wants integers of the same size and sign. SQLite goes by the affinity of the two types.',
  fix: 'Give the column the type of the one that it points to.',
  examples: {
    refused: "author: text('author').references(() => users.id), where users.id is an integer",
    passes: "author: integer('author').references(() => users.id)",
  },
  judges: 'migration',
  point: 'keys',
  *check(review, { how }) {
    const engine = engineOf(review);
    const compared = COMPARED[engine];
    if (compared === undefined) return;
    for (const { table, key, at } of newForeignKeys(review))
      for (const [place, column] of key.columns.entries()) {
        const target = key.targetColumns[place] ?? '';
        const from = review.after.tables.get(table)?.columns.get(column)?.type;
        const to = review.after.tables.get(key.target)?.columns.get(target)?.type;
        if (from === undefined || to === undefined || compared(from, to) !== false) continue;
        yield {
          about: `${table}.${column}`,
          at,
          message:
            `${table}.${column} (${from}) references ${key.target}.${target} (${to}), which ` +
            WHAT[engine],
          safe: [
            {
              text:
                `Give ${table}.${column} the type ${to} in the schema, remove this migration, ` +
                'and generate it again:',
              run: how.generate,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;

const COMPARED: Readonly<
  Partial<Record<Engine, (from: string, to: string) => boolean | undefined>>
> = { postgresql: comparedInPostgresql, mysql: comparedInMysql, sqlite: comparedInSqlite };

const WHAT: Readonly<Record<Engine, string>> = {
  postgresql: 'PostgreSQL refuses (42804)',
  mysql: 'MySQL refuses (3780)',
  sqlite: 'finds no row',
  mssql: 'SQL Server refuses',
};

import { newForeignKeys } from '../../facts/review/before.ts';
import type { ReviewRule } from '../rule.ts';
import { bareName, engineOf, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'foreign-key-without-index',
  severity: 'off',
  title: 'the columns of a new foreign key have no index',
  why: 'Deleting or changing a row that it points to reads the whole table that has the key.',
  details:
    'An index, a unique constraint or a primary key that begins with these columns will do. MySQL ' +
    'makes such an index itself, and is not reported.',
  fix: 'Add an index over these columns, if the rows that it points to are ever deleted.',
  examples: {
    refused: "author: integer('author').references(() => users.id), without an index",
    passes: "the same with index('posts_author_idx').on(table.author)",
  },
  judges: 'migration',
  point: 'names',
  *check(review) {
    if (engineOf(review) === 'mysql') return;
    const q = quoting(review.dialect);
    for (const { table, key, at } of newForeignKeys(review)) {
      const own = review.after.tables.get(table);
      const begins = (columns: readonly string[]): boolean =>
        key.columns.every((one) => columns.slice(0, key.columns.length).includes(one));
      const indexes = [...(own?.indexes.values() ?? []), ...(own?.uniques.values() ?? [])];
      const isFound = indexes.some(({ columns, where }) => where === undefined && begins(columns));
      if (isFound || begins(own?.primaryKey ?? [])) continue;
      const name = madeName(bareName(table), ...key.columns, 'idx');
      yield {
        about: `${table}.${key.name}`,
        at,
        message: `${key.name} has no index on ${table} (${key.columns.join(', ')})`,
        safe: [
          {
            text: 'Add an index in the schema; its SQL:',
            sql: `CREATE INDEX ${q(name)} ON ${q(table)} (${key.columns.map(q).join(', ')});`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'name-too-long',
  severity: 'note',
  title: 'a new name is longer than the database keeps',
  why:
    'PostgreSQL cuts it at 63 bytes, so that two may become one; MySQL refuses more than 64 ' +
    'characters.',
  details:
    'drizzle-kit makes the names of foreign keys of both tables and their columns. Cut, the database ' +
    'has another name than the snapshot, and a later DROP CONSTRAINT is by the long one.',
  fix: 'Give it a name of your own.',
  examples: {
    refused: 'a foreign key named by drizzle-kit, of two tables with long names',
    passes: "foreignKey({ name: 'posts_author_fk', columns: [...], foreignColumns: [...] })",
  },
  judges: 'migration',
  point: 'names',
  *check(review) {
    const engine = engineOf(review);
    if (engine !== 'postgresql' && engine !== 'mysql') return;
    const isLong = (name: string): boolean =>
      engine === 'postgresql' ? new TextEncoder().encode(name).length > 63 : [...name].length > 64;
    for (const [table, { foreignKeys, uniques, indexes, checks }] of review.after.tables) {
      const old = review.before.tables.get(table);
      const known = new Set(
        [old?.foreignKeys, old?.uniques, old?.indexes, old?.checks].flatMap((one) => [
          ...(one?.keys() ?? []),
        ]),
      );
      for (const all of [foreignKeys, uniques, indexes, checks])
        for (const name of all.keys()) {
          if (known.has(name) || !isLong(name)) continue;
          yield {
            about: `${table}.${name}`,
            at: statementOn(review, ['add constraint', 'create index', 'create table'], table, [
              name,
              table,
            ]),
            message:
              `${name} has ${name.length} characters; ` +
              `${engine === 'mysql' ? 'MySQL takes 64' : 'PostgreSQL keeps 63 bytes'}`,
            safe: [
              {
                text:
                  'Give it a shorter name in the schema (`foreignKey({ name: ... })`, ' +
                  '`index("...")`), and generate the migration again.',
              },
            ],
          };
        }
    }
  },
} as const satisfies ReviewRule;

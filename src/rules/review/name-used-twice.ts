import { statementOn } from '../../facts/review/find.ts';
import { namespacesOf, type Named } from '../../facts/review/namespaces.ts';
import type { Review } from '../../facts/review/review.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'name-used-twice',
  severity: 'warning',
  title: 'a new index, key or table has a name that something else has',
  why: 'The second one fails ("already exists"), or IF NOT EXISTS leaves it out without a word.',
  details:
    'PostgreSQL keeps the names of tables, indexes and unique constraints together in each schema, ' +
    'and 63 bytes of each; SQLite those of tables and indexes in the whole file; MySQL those of ' +
    'foreign keys, and of checks, in the whole database. drizzle-kit looks at one table at a time, ' +
    'but for the indexes of PostgreSQL.',
  fix: 'Give one of them another name.',
  examples: {
    refused: "index('name_idx') on users, and index('name_idx') on posts, in SQLite",
    passes: "index('users_name_idx') on users, and index('posts_name_idx') on posts",
  },
  judges: 'migration',
  point: 'names',
  *check(review, { how }) {
    for (const named of namespacesOf(review.after, review.dialect).values()) {
      const come = named.length < 2 ? undefined : named.find((one) => isNew(review, one));
      if (come === undefined) continue;
      yield {
        about: `${come.table}.${come.name}`,
        at: statementOn(
          review,
          come.kind === 'table'
            ? ['create table', 'rename table']
            : ['create index', 'add constraint', 'create table'],
          come.table,
          [come.name, come.table],
        ),
        message: `${come.name} is the name of ${listed(named.map(described))}`,
        safe: [
          {
            text: 'Give one of them another name, remove this migration, and generate it again:',
            run: how.generate,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

function isNew({ changes }: Review, { kind, table, name }: Named): boolean {
  if (changes.tables.some((one) => one.name === table && one.before === undefined)) return true;
  const { indexes, uniques, foreignKeys, checks } = changes;
  const all =
    kind === 'index'
      ? [...indexes, ...uniques]
      : kind === 'foreign key'
        ? foreignKeys
        : kind === 'check'
          ? checks
          : changes.tables;
  return all.some((one) => one.table === table && one.name === name && one.after !== undefined);
}

function described({ kind, table }: Named): string {
  return kind === 'table'
    ? `the table ${table}`
    : `a ${kind} of ${table}`.replace('a index', 'an index');
}

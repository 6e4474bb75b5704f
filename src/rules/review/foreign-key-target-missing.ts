import { newForeignKeys } from '../../facts/review/before.ts';
import { hasRows } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'foreign-key-target-missing',
  severity: 'warning',
  title: 'a new foreign key points to a table or a column that the schema does not have',
  why: 'The migration fails on a new database, or SQLite takes it and refuses every new row.',
  details:
    'The schema may reference a table that no schema file exports, or that another program makes ' +
    'before. Exempt are tables that unpublished migrations make by hand, and those in schemas of ' +
    'which Drizzle knows nothing, as `auth` of Supabase.',
  fix: 'Export the table from a schema file, or point to one that is exported.',
  examples: {
    refused: 'references(() => users.id) while no schema file exports users',
    passes: 'export const users = pgTable(...) in a file that `schema` in the config names',
  },
  judges: 'migration',
  point: 'keys',
  *check(review, { how }) {
    for (const { table, key, at } of newForeignKeys(review)) {
      const what = missing(review, key.target, key.targetColumns);
      if (what === undefined) continue;
      yield {
        about: `${table}.${key.name}`,
        at,
        message: `${key.name} on ${table} points to ${what}, which the schema does not have`,
        safe: [
          {
            text:
              `Export ${key.target} from a schema file of the config, or point to another ` +
              'table. Then remove this migration and generate it again:',
            run: how.generate,
          },
          {
            text:
              `If another program makes ${key.target}, see that it does so before the ` +
              'migrations run.',
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

function missing(review: Review, target: string, columns: readonly string[]): string | undefined {
  const { after, statements, earlier } = review;
  const found = [...after.tables].find(([name]) => sameName(name, target))?.[1];
  if (found !== undefined) {
    const names = [...found.columns.keys()];
    const gone = columns.find((column) => !names.some((name) => sameName(name, column)));
    return gone === undefined ? undefined : `${target}.${gone}`;
  }
  const [schema] = target.includes('.') ? target.split('.') : [undefined];
  const isOwn =
    schema === undefined ||
    after.schemas.has(schema) ||
    [...after.tables.keys()].some((name) => name.startsWith(`${schema}.`));
  const isMade = [...earlier, ...statements].some(({ actions }) =>
    actions.some((one) => one.kind === 'create table' && sameName(one.table, target)),
  );
  return isOwn && !isMade && hasRows(review, target) ? `the table ${target}` : undefined;
}

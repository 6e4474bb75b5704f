import type { SchemaText } from '../../corpus/schema-text.ts';
import type { Dialect1 } from '../../support/kit1.ts';
import { TEXTS } from '../steps/steps.ts';
import { forksEverywhere } from './everywhere.ts';
import type { Fork } from './fork.ts';
import { forksOfPostgresql, forksOfSqlite } from './of-dialects.ts';

/** Those that break, and that not every drizzle-kit notices. */
const BREAKS: ReadonlySet<string> = new Set([
  'drop a table / a foreign key to it',
  'rename a table / a foreign key to it',
  'drop a column / an index on it',
  'drop a column / a unique constraint on it',
  'rename a column / an index on it',
  'a check on a column / drop that column',
  'drop an enum / a column of it',
  'drop a schema / a table in it',
  'rename a schema / a table in it',
  'a role / a policy for it',
  'drop a sequence / a default of it',
  'drop a unique constraint / a foreign key to it',
  'drop a column / a view of it',
  'a view of a table / drop the table',
  'a view of a table / rename the table',
  'a view of a table / the table is made again',
  'another type / a view of the column',
  'a primary key / drop its column',
]);

const OWN: Readonly<Record<string, (text: SchemaText) => readonly Fork[]>> = {
  pg: forksOfPostgresql,
  sqlite: forksOfSqlite,
};

/** The forks of a dialect, as schema files. */
export function forksOf(dialect: Dialect1): readonly Fork[] {
  const { core, number, text } = TEXTS[dialect];
  const bodies = [...forksEverywhere(text, number), ...(OWN[core]?.(text) ?? [])];
  return bodies.map(({ name, before, ours, theirs }) => ({
    name,
    before: text.file(before),
    ours: { ...ours, after: text.file(ours.after) },
    theirs: { ...theirs, after: text.file(theirs.after) },
    ...(BREAKS.has(name) ? { breaks: true } : {}),
  }));
}

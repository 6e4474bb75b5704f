import {
  from as pgFrom,
  alter as pg,
  table as pgTable,
  things as pgThings,
} from '../../corpus/postgresql/text.ts';
import { from as sqliteFrom, things as sqliteThings } from '../../corpus/sqlite/text.ts';
import type { Step } from './step.ts';

const snakeCase = (core: string, columns: string): string =>
  `import { snakeCase } from 'drizzle-orm/${core}-core';\nexport const people = snakeCase.table('people', { id: integer().primaryKey(), ${columns} });`;

/** What 0.31 does not have, or asks about otherwise. */
export const POSTGRESQL_1: readonly Step[] = [
  pg('rename an index', ['a: text()', 'index("i").on(t.a)'], ['a: text()', 'index("j").on(t.a)'], {
    renames: [{ from: 'i', to: 'j' }],
  }),
  pg('rename a unique constraint', 'a: text().unique("one")', 'a: text().unique("two")', {
    renames: [{ from: 'one', to: 'two' }],
  }),
  pg(
    'rename a check',
    ['a: text()', 'check("one", sql`a > \'\'`)'],
    ['a: text()', 'check("two", sql`a > \'\'`)'],
    {
      renames: [{ from: 'one', to: 'two' }],
    },
  ),
  pg(
    'arrays of more dimensions',
    'a: text().array()',
    'a: text().array("[][]"), b: integer().array("[]")',
  ),
  pgFrom('names by the case of a table', undefined, snakeCase('pg', 'firstName: text().unique()')),
  pgFrom(
    'another case',
    pgTable('people', 'firstName: text()'),
    snakeCase('pg', 'firstName: text()'),
    { renames: [{ from: 'firstName', to: 'first_name' }] },
  ),
  pgFrom(
    'views that stand on each other',
    pgThings('a: text()'),
    `${pgThings('a: text()')}
export const z = pgView("z").as((q) => q.select({ id: things.id }).from(things));
export const b = pgView("b").as((q) => q.select({ id: z.id }).from(z));
export const a = pgMaterializedView("a").as((q) => q.select({ id: b.id }).from(b));`,
  ),
  pgFrom(
    'a table that is exported twice',
    undefined,
    `${pgThings('a: text()')}\nexport const again = things;`,
  ),
];

export const SQLITE_1: readonly Step[] = [
  sqliteFrom(
    'names by the case of a table',
    undefined,
    snakeCase('sqlite', 'firstName: text().unique()'),
  ),
  sqliteFrom(
    'a table that is exported twice',
    undefined,
    `${sqliteThings('a: text()')}\nexport const again = things;`,
  ),
];

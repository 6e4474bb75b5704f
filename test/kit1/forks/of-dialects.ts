import type { SchemaText } from '../../corpus/schema-text.ts';
import { fork, type Fork } from './fork.ts';

/** Forks of what only PostgreSQL has. */
export function forksOfPostgresql({ things, table }: SchemaText): readonly Fork[] {
  const one = table('one', 'a: text(), b: text()');
  const two = table('two', 'a: text()');
  return [
    fork(
      'two enum values',
      `export const mood = pgEnum('mood', ['a']);`,
      `export const mood = pgEnum('mood', ['a', 'b']);`,
      `export const mood = pgEnum('mood', ['a', 'c']);`,
    ),
    fork(
      'the same enum value on both',
      `export const mood = pgEnum('mood', ['a']);`,
      `export const mood = pgEnum('mood', ['a', 'b']);`,
      `export const mood = pgEnum('mood', ['a', 'b']);`,
    ),
    fork(
      'drop an enum / a column of it',
      `export const mood = pgEnum('mood', ['a']);` + one,
      one,
      `export const mood = pgEnum('mood', ['a']);` +
        table('one', 'a: text(), b: text(), c: mood()'),
    ),
    fork(
      'drop a column / a view of it',
      things('a: text()'),
      things(),
      things('a: text()') +
        `export const seen = pgView('seen').as((q) => q.select({ a: things.a }).from(things));`,
    ),
    fork(
      'rename a schema / a table in it',
      `export const auth = pgSchema('auth');`,
      { after: `export const auth = pgSchema('login');`, renames: [{ from: 'auth', to: 'login' }] },
      `export const auth = pgSchema('auth');\nexport const users = auth.table('users', { id: integer().primaryKey() });`,
    ),
    fork(
      'a view of a table / drop the table',
      one,
      one + `export const seen = pgView('seen').as((q) => q.select({ a: one.a }).from(one));`,
      '',
    ),
    fork(
      'a view of a table / rename the table',
      one,
      one + `export const seen = pgView('seen').as((q) => q.select({ a: one.a }).from(one));`,
      { after: table('two', 'a: text(), b: text()'), renames: [{ from: 'one', to: 'two' }] },
    ),
    fork(
      'another type / a view of the column',
      things('a: text()'),
      things('a: varchar()'),
      things('a: text()') +
        `export const seen = pgView('seen').as((q) => q.select({ a: things.a }).from(things));`,
    ),
    fork(
      'row security / a policy',
      things('a: text()'),
      things('a: text()') + 'things.enableRLS();',
      things('a: text()', 'pgPolicy("p", { for: "select" })'),
    ),
    fork(
      'a role / a policy for it',
      `export const r = pgRole('r');\n` + things('a: text()'),
      things('a: text()'),
      `export const r = pgRole('r');\n` + things('a: text()', 'pgPolicy("p", { to: r })'),
    ),
    fork(
      'drop a sequence / a default of it',
      `export const s = pgSequence('s');\n` + things(),
      things(),
      `export const s = pgSequence('s');\n` + things("a: integer().default(sql`nextval('s')`)"),
    ),
    fork(
      'drop a schema / a table in it',
      `export const auth = pgSchema('auth');`,
      `export const other = pgSchema('other');`,
      `export const auth = pgSchema('auth');\nexport const users = auth.table('users', { id: integer().primaryKey() });`,
    ),
    fork(
      'drop a unique constraint / a foreign key to it',
      table('one', 'a: text().unique("once")') + two,
      table('one', 'a: text()') + two,
      table('one', 'a: text().unique("once")') + table('two', 'a: text().references(() => one.a)'),
    ),
    fork(
      'an index and a table of one name',
      one,
      table('one', 'a: text(), b: text()', 'index("two").on(t.a)'),
      one + two,
    ),
    fork(
      'a primary key / drop its column',
      `export const m = pgTable('m', { a: integer(), b: integer() });`,
      `export const m = pgTable('m', { a: integer().primaryKey(), b: integer() });`,
      `export const m = pgTable('m', { b: integer() });`,
    ),
  ];
}

/** Forks of what SQLite does otherwise: it makes tables anew. */
export function forksOfSqlite({ things, table }: SchemaText): readonly Fork[] {
  const one = table('one', 'a: text(), b: text()');
  const two = table('two', 'a: text()');
  const refers = table('two', 'a: text(), one: integer().references(() => one.id)');
  const plain = table('two', 'a: text(), one: integer()');
  return [
    fork(
      'drop a column / a view of it',
      things('a: text()'),
      things(),
      things('a: text()') +
        `export const seen = sqliteView('seen').as((q) => q.select({ a: things.a }).from(things));`,
    ),
    fork(
      'a view of a table / drop the table',
      one,
      one + `export const seen = sqliteView('seen').as((q) => q.select({ a: one.a }).from(one));`,
      two,
    ),
    fork(
      'a view of a table / rename the table',
      one,
      one + `export const seen = sqliteView('seen').as((q) => q.select({ a: one.a }).from(one));`,
      { after: table('two', 'a: text(), b: text()'), renames: [{ from: 'one', to: 'two' }] },
    ),
    fork(
      'a view of a table / the table is made again',
      one,
      one + `export const seen = sqliteView('seen').as((q) => q.select({ a: one.a }).from(one));`,
      table('one', 'a: text().notNull(), b: text()'),
    ),
    fork(
      'a table that is made again / a foreign key to it',
      one + plain,
      table('one', 'a: text().notNull(), b: text()') + plain,
      one + refers,
    ),
  ];
}

import type { Rename } from '../corpus/transition.ts';
import type { SchemaText } from '../corpus/schema-text.ts';
import { TEXTS } from './steps/steps.ts';
import type { Dialect1 } from '../support/kit1.ts';

interface Side {
  readonly after: string;
  readonly renames?: readonly Rename[];
}

/** What two branches make of one schema, each with a migration of its own. */
export interface Fork {
  readonly name: string;
  readonly before: string;
  readonly ours: Side;
  readonly theirs: Side;
}

type Bodies = (text: SchemaText, core: string, number: string) => readonly Fork[];

/** Bodies of schema files; `things` has an `id`. */
const FORKS: Bodies = ({ things, table }, core, number) => {
  const one = table('one', 'a: text(), b: text()');
  const two = table('two', 'a: text()');
  const refers = table('two', `a: text(), one: ${number}().references(() => one.id)`);
  const plain = table('two', `a: text(), one: ${number}()`);
  const fork = (
    name: string,
    before: string,
    ours: string | Side,
    theirs: string | Side,
  ): Fork => ({
    name,
    before,
    ours: typeof ours === 'string' ? { after: ours } : ours,
    theirs: typeof theirs === 'string' ? { after: theirs } : theirs,
  });
  const columns = (
    name: string,
    before: string,
    ours: string | readonly [string, string],
    theirs: string | readonly [string, string],
  ): Fork => {
    const of = (what: string | readonly [string, string]): string =>
      typeof what === 'string' ? things(what) : things(...what);
    return fork(name, of(before), of(ours), of(theirs));
  };
  const rename = { after: things('b: text()'), renames: [{ from: 'a', to: 'b' }] };
  const others: readonly Fork[] = [
    columns(
      'other columns of one table',
      'a: text()',
      'a: text(), b: text()',
      'a: text(), c: text()',
    ),
    fork('other tables', one, one + two, one + table('three')),
    fork('a column / a table', one, table('one', 'a: text(), b: text(), c: text()'), one + two),
    columns(
      'drop one column / add another',
      'a: text(), b: text()',
      'a: text()',
      'a: text(), b: text(), c: text()',
    ),
    fork(
      'rename a column / add another',
      things('a: text()'),
      rename,
      things('a: text(), c: text()'),
    ),
    columns(
      'the same column on both, equal',
      'a: text()',
      'a: text(), b: text()',
      'a: text(), b: text()',
    ),
    columns(
      'the same column on both, of other types',
      'a: text()',
      'a: text(), b: text()',
      `a: text(), b: ${number}()`,
    ),
    fork('the same table on both', one, one + two, one + two),
    columns(
      'alter / drop of one column',
      `a: ${number}(), b: text()`,
      `a: ${number}().default(1), b: text()`,
      'b: text()',
    ),
    columns('drop of one column on both', 'a: text(), b: text()', 'a: text()', 'a: text()'),
    fork(
      'rename a table / add a column to it',
      one,
      { after: table('two', 'a: text(), b: text()'), renames: [{ from: 'one', to: 'two' }] },
      table('one', 'a: text(), b: text(), c: text()'),
    ),
    fork(
      'drop a table / add a column to it',
      one + two,
      two,
      table('one', 'a: text(), b: text(), c: text()') + two,
    ),
    fork('rename a column on both', things('a: text()'), rename, {
      after: things('c: text()'),
      renames: [{ from: 'a', to: 'c' }],
    }),
    columns('SET NOT NULL on both', 'a: text()', 'a: text().notNull()', 'a: text().notNull()'),
    columns(
      'NOT NULL / DEFAULT on one column',
      `a: ${number}()`,
      `a: ${number}().notNull()`,
      `a: ${number}().default(1)`,
    ),
    fork('drop a table / a foreign key to it', one + plain, plain, one + refers),
    columns('drop a column / an index on it', `a: ${number}(), b: text()`, 'b: text()', [
      `a: ${number}(), b: text()`,
      'index("by_a").on(t.a)',
    ]),
    columns('drop a column / a unique constraint on it', `a: ${number}(), b: text()`, 'b: text()', [
      `a: ${number}(), b: text()`,
      'unique("once").on(t.a)',
    ]),
    fork(
      'rename a column / an index on it',
      things(`a: ${number}()`),
      { after: things(`b: ${number}()`), renames: [{ from: 'a', to: 'b' }] },
      things(`a: ${number}()`, 'index("by_a").on(t.a)'),
    ),
    fork(
      'rename a table / a foreign key to it',
      one + plain,
      {
        after: table('three', 'a: text(), b: text()') + plain,
        renames: [{ from: 'one', to: 'three' }],
      },
      one + refers,
    ),
    columns(
      'a default / another default',
      `a: ${number}()`,
      `a: ${number}().default(1)`,
      `a: ${number}().default(2)`,
    ),
    columns('another type / a default', `a: ${number}()`, 'a: text()', `a: ${number}().default(1)`),
    columns(
      'add a column / another one that is unique',
      'a: text()',
      'a: text(), b: text()',
      `a: text(), c: ${number}().unique()`,
    ),
    columns(
      'an index of one name on both',
      `a: ${number}(), b: ${number}()`,
      [`a: ${number}(), b: ${number}()`, 'index("i").on(t.a)'],
      [`a: ${number}(), b: ${number}()`, 'index("i").on(t.b)'],
    ),
    columns(
      'NOT NULL on one column / NOT NULL on another',
      'a: text(), b: text()',
      'a: text().notNull(), b: text()',
      'a: text(), b: text().notNull()',
    ),
    columns(
      'NOT NULL on one column / another column',
      'a: text()',
      'a: text().notNull()',
      'a: text(), b: text()',
    ),
    columns(
      'NOT NULL on one column / drop another',
      'a: text(), b: text()',
      'a: text().notNull(), b: text()',
      'a: text()',
    ),
    columns(
      'NOT NULL on one column / an index on another',
      `a: text(), b: ${number}()`,
      `a: text().notNull(), b: ${number}()`,
      [`a: text(), b: ${number}()`, 'index("by_b").on(t.b)'],
    ),
    columns(
      'a check on a column / drop that column',
      `a: ${number}(), b: text()`,
      [`a: ${number}(), b: text()`, 'check("c", sql`a > 0`)'],
      'b: text()',
    ),
  ];
  const pg: readonly Fork[] = [
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
  const sqlite: readonly Fork[] = [
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
  return [...others, ...(core === 'pg' ? pg : core === 'sqlite' ? sqlite : [])];
};

export function forksOf(dialect: Dialect1): readonly Fork[] {
  const { core, number, text } = TEXTS[dialect];
  return FORKS(text, core, number).map(({ name, before, ours, theirs }) => ({
    name,
    before: text.file(before),
    ours: { ...ours, after: text.file(ours.after) },
    theirs: { ...theirs, after: text.file(theirs.after) },
  }));
}

import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const odd = (name: string, column: string, more = ''): string =>
  `export const odd = sqliteTable(${JSON.stringify(name)}, { id: integer("the id").primaryKey(), a: text(${JSON.stringify(column)})${more} }, (t) => [index(${JSON.stringify(`${column} idx`)}).on(t.a)]);`;

/** Names that somebody has given to a table and a column. */
const ODD: Readonly<Record<string, readonly [string, string]>> = {
  'with spaces and quotes': ["my 'table'", "my 'column'"],
  'of other letters': ['таблица', '列 ñ'],
  'that are reserved': ['order', 'select'],
  'with dots': ['a.b', 'c.d'],
  'with backticks': ['my `table`', 'a`b'],
  'with double quotes': ['say "it"', '"'],
  'with the words of the question': ['x column in y', 'a › b'],
  'with semicolons, dashes and comments': ['a;b', 'c -- d /* f */'],
};
const seen = (name: string): string =>
  `${things(`${name}: text()`)}\nexport const v = sqliteView("${name}").as((q) => q.select({ id: things.id }).from(things));`;
const BUSY = 'a: text().notNull().unique(), b: integer().references(() => owners.id), c: integer()';
const busy = (columns: string, extra: string, name = 'things'): string =>
  `${table('owners')}\n${table(name, columns, extra)}`;

export const RENAMES: readonly Transition[] = [
  alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
  alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
  alter(
    'rename a column that changes its type, default and not null',
    'a: text()',
    'b: integer().notNull().default(1)',
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  alter('rename two columns crosswise', 'a: text(), b: text()', 'c: text(), d: text()', {
    renames: [
      { from: 'b', to: 'c' },
      { from: 'a', to: 'd' },
    ],
  }),
  alter(
    'rename one column of two, add one, drop one',
    'a: text(), b: text()',
    'c: text(), d: text()',
    { renames: [{ from: 'b', to: 'd' }] },
  ),
  alter(
    'rename a column of a table that is made again',
    'a: text(), b: text()',
    'c: text(), b: text().notNull()',
    { renames: [{ from: 'a', to: 'c' }] },
  ),
  from(
    'rename columns with constraints and indexes',
    busy(BUSY, 'index("by_c").on(t.c), check("c_ok", sql`c > 0`)'),
    busy(
      BUSY.replace('a:', 'name:').replace('b:', 'owner:').replace('c:', 'count:'),
      'index("by_c").on(t.count), check("c_ok", sql`count > 0`)',
    ),
    {
      renames: [
        { from: 'a', to: 'name' },
        { from: 'b', to: 'owner' },
        { from: 'c', to: 'count' },
      ],
    },
  ),
  from(
    'columns of one name in two tables, one renamed',
    `${table('one', 'a: text()')}\n${table('two', 'a: text()')}`,
    `${table('one', 'b: text()')}\n${table('two', 'b: text()')}`,
    { renames: [{ from: 'a', to: 'b', within: 'two' }] },
  ),
  from('rename a table', things('a: text()'), table('items', 'a: text()'), {
    renames: [{ from: 'things', to: 'items' }],
  }),
  from('a table for another', things('a: text()'), table('items', 'a: text()'), { renames: [] }),
  from(
    'rename a table and its columns, one new, one gone',
    things('a: text(), b: text(), c: text()'),
    table('items', 'x: text(), y: text(), c: text()'),
    {
      renames: [
        { from: 'things', to: 'items' },
        { from: 'a', to: 'y' },
      ],
    },
  ),
  from(
    'rename a table with keys, indexes and references to it',
    `${busy(BUSY, 'index("by_c").on(t.c)')}\n${table('notes', 'thing: integer().references(() => things.id)')}`,
    `${busy(BUSY, 'index("by_c").on(t.c)', 'items')}\n${table('notes', 'thing: integer().references(() => items.id)')}`,
    { renames: [{ from: 'things', to: 'items' }] },
  ),
  from(
    'rename two tables crosswise',
    `${table('one', 'a: text()')}\n${table('two', 'b: text()')}`,
    `${table('three', 'b: text()')}\n${table('four', 'a: text()')}`,
    {
      renames: [
        { from: 'two', to: 'three' },
        { from: 'one', to: 'four' },
      ],
    },
  ),
  from(
    'a table and a column that share their names, the column new',
    table('a', 'a: text()'),
    table('b', 'b: text()'),
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  ...['view', 'column'].map((kind) =>
    from(
      `a view and a column that share their names, only the ${kind} renamed`,
      seen('a'),
      seen('b'),
      { renames: [{ from: 'a', to: 'b', kind }] },
    ),
  ),
  ...Object.entries(ODD).flatMap(([kind, [name, column]]) => [
    from(
      `names ${kind}`,
      undefined,
      odd(name, column, ', b: text().unique(), parent: integer().references(() => odd.id)'),
    ),
    from(`renames to names ${kind}`, odd('plain', 'simple'), odd(name, column), {
      renames: [
        { from: 'plain', to: name },
        { from: 'simple', to: column },
      ],
    }),
    from(`renames from names ${kind}`, odd(name, column), odd('plain', 'simple'), {
      renames: [
        { from: name, to: 'plain' },
        { from: column, to: 'simple' },
      ],
    }),
  ]),
  from(
    'names from a table creator',
    undefined,
    'const make = sqliteTableCreator((name) => `app_${name}`);\nexport const a = make("users", { id: integer().primaryKey(), name: text() }, (t) => [index("i").on(t.name)]);',
  ),
  from(
    'snake case',
    undefined,
    table(
      'camelTable',
      'firstName: text().notNull().unique(), lastName: text(), kept: text("keptName")',
      'index("i").on(t.firstName)',
    ),
    { casing: 'snake_case' },
  ),
  alter('rename in snake case', 'firstName: text()', 'givenName: text(), lastName: text()', {
    casing: 'snake_case',
    renames: [{ from: 'first_name', to: 'given_name' }],
  }),
  alter(
    'without breakpoints',
    'a: text()',
    'a: text().notNull().default("x;\\ny"), b: integer().unique()',
    { breakpoints: false },
  ),
  from(
    'tables without breakpoints',
    undefined,
    `${table('one', 'a: text()')}\n${table('two', 'one: integer().references(() => one.id)')}`,
    { breakpoints: false },
  ),
  from(
    'add a table',
    table('one'),
    `${table('one')}\n${table('two', 'a: text().notNull(), b: integer().default(1)')}`,
  ),
  from(
    'drop a table',
    `${table('one')}\n${table('two', 'one: integer().references(() => one.id)')}`,
    table('one'),
  ),
];

import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const odd = (name: string, column: string, more = ''): string =>
  `export const odd = mysqlTable(${JSON.stringify(name)}, { id: int("the id").primaryKey(), a: int(${JSON.stringify(column)})${more} }, (t) => [index(${JSON.stringify(`${column} idx`)}).on(t.a)]);`;

/** Names that somebody has given to a table and a column. */
const ODD: Readonly<Record<string, readonly [string, string]>> = {
  'with spaces and quotes': ["my 'table'", 'my "column"'],
  'of other letters': ['таблица', '列 ñ'],
  'that are reserved': ['order', 'select'],
  'with dots': ['a.b', 'c.d'],
  'with backticks': ['my `table`', 'a`b'],
  'with double quotes': ['say "it"', '"'],
  'with the words of the question': ['x column in y', 'a › b'],
  'with dashes and comments': ['a -- b', 'c # d /* e */'],
};
const seen = (name: string): string =>
  `${things(`${name}: text()`)}\nexport const v = mysqlView("${name}").as((q) => q.select({ id: things.id }).from(things));`;
const BUSY = 'a: int().notNull().unique(), b: int().references(() => owners.id), c: int()';
const busy = (columns: string, extra: string, name = 'things'): string =>
  `${table('owners')}\n${table(name, columns, extra)}`;

export const RENAMES: readonly Transition[] = [
  alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
  alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
  alter(
    'rename a column that changes its type, default and not null',
    'a: int()',
    'b: varchar({ length: 5 }).notNull().default("x")',
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
    `${busy(BUSY, 'index("by_c").on(t.c)')}\n${table('notes', 'thing: int().references(() => things.id)')}`,
    `${busy(BUSY, 'index("by_c").on(t.c)', 'items')}\n${table('notes', 'thing: int().references(() => items.id)')}`,
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
      odd(name, column, ', b: int().unique(), parent: int().references(() => odd.id)'),
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
    'rename to names with semicolons',
    table('plain', 'simple: int()'),
    'export const odd = mysqlTable("a;b", { id: int().primaryKey(), a: int("c;d") });',
    {
      renames: [
        { from: 'plain', to: 'a;b' },
        { from: 'simple', to: 'c;d' },
      ],
    },
  ),
  from(
    'names from a table creator',
    undefined,
    'const make = mysqlTableCreator((name) => `app_${name}`);\nexport const a = make("users", { id: serial().primaryKey(), name: varchar({ length: 9 }) }, (t) => [index("i").on(t.name)]);',
  ),
  from(
    'snake case',
    undefined,
    table(
      'camelTable',
      'firstName: varchar({ length: 9 }).notNull().unique(), lastName: text(), kept: text("keptName")',
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
    'a: varchar({ length: 9 })',
    'a: varchar({ length: 9 }).notNull().default("x;\\ny"), b: int().unique()',
    { breakpoints: false },
  ),
  from(
    'tables without breakpoints',
    undefined,
    `${table('one', 'a: text()')}\n${table('two', 'one: int().references(() => one.id)')}`,
    { breakpoints: false },
  ),
  from(
    'add a table',
    table('one'),
    `${table('one')}\n${table('two', 'a: text().notNull(), b: boolean().default(true)')}`,
  ),
  from(
    'drop a table',
    `${table('one')}\n${table('two', 'one: int().references(() => one.id)')}`,
    table('one'),
  ),
  from(
    'a table of another database',
    table('one'),
    `${table('one')}\nconst other = mysqlSchema("other");\nexport const two = other.table("two", { id: int().primaryKey() });`,
    { noop: true },
  ),
];

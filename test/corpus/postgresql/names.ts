import type { Transition } from '../transition.ts';
import { alter, from, table } from './text.ts';

const odd = (name: string, column: string, more = ''): string =>
  `export const odd = pgTable(${JSON.stringify(name)}, { id: integer("the id").primaryKey(), a: text(${JSON.stringify(column)})${more} }, (t) => [index(${JSON.stringify(`${column} idx`)}).on(t.a)]);`;

/** Names that somebody has given to a table and a column. */
const ODD: Readonly<Record<string, readonly [string, string]>> = {
  'with spaces': ['my table', 'my column'],
  'with quotes': ["it's", "a'b"],
  'of other letters': ['таблица', '列 ñ'],
  'that are reserved': ['order', 'select'],
  'with capital letters': ['UserAccount', 'createdAt'],
  'with dots': ['a.b', 'c.d'],
  'with semicolons and dashes': ['a;b', 'c -- d'],
  'with comments': ['/* t */', 'c /* x */ -- y'],
  'with dollars and signs': ['$table$', 'c%s\\n'],
  'of more than 63 letters': [`t${'a'.repeat(70)}`, `c${'b'.repeat(70)}`],
};

export const NAMES: readonly Transition[] = [
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
    'const make = pgTableCreator((name) => `app_${name}`);\nexport const a = make("users", { id: serial().primaryKey(), name: text() }, (t) => [index().on(t.name), unique().on(t.name)]);',
  ),
  from(
    'snake case',
    undefined,
    table(
      'camelTable',
      'firstName: text().notNull().unique(), lastName: text(), kept: text("keptName")',
      'index().on(t.firstName), unique().on(t.firstName, t.lastName)',
    ),
    { casing: 'snake_case' },
  ),
  alter(
    'add in snake case',
    'firstName: text()',
    [
      'firstName: text(), lastName: text().default("x"), boss: integer("bossId")',
      'index("byName").on(t.lastName), check("named", sql`${t.firstName} <> \'\'`)',
    ],
    { casing: 'snake_case' },
  ),
  alter('rename in snake case', 'firstName: text()', 'givenName: text()', {
    casing: 'snake_case',
    renames: [{ from: 'first_name', to: 'given_name' }],
  }),
  alter('a name in snake case written out', 'firstName: text()', 'firstName: text("first_name")', {
    casing: 'snake_case',
    noop: true,
  }),
  alter('camel case', 'first_name: text()', 'first_name: text(), last_name: text().notNull()', {
    casing: 'camelCase',
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
    'renames without breakpoints',
    `${table('one', 'a: text()')}`,
    `${table('two', 'b: text(), c: text()')}`,
    {
      breakpoints: false,
      renames: [
        { from: 'one', to: 'two' },
        { from: 'a', to: 'b' },
      ],
    },
  ),
];

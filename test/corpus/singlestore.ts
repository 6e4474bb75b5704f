import * as core from 'drizzle-orm/singlestore-core';
import { schemaText } from './schema-text.ts';
import type { Transition } from './transition.ts';

const { things, table, from, alter } = schemaText('singlestore', Object.keys(core));
const named = (name: string): string =>
  `export const odd = singlestoreTable(${JSON.stringify(name)}, { id: int().primaryKey(), a: text(${JSON.stringify(name)}) });`;
const V = 'varchar({ length: 99 })';

const FAMILIES: Readonly<Record<string, string>> = {
  numbers:
    'a: tinyint(), b: smallint(), c: mediumint(), d: int(), e: bigint({ mode: "number" }), f: bigint({ mode: "bigint", unsigned: true }), g: float(), h: double({ precision: 10, scale: 2 }), i: real(), j: decimal({ precision: 10, scale: 2 }), k: boolean(), l: year()',
  texts:
    'a: text(), b: tinytext(), c: mediumtext(), d: longtext(), e: varchar({ length: 255 }), f: char({ length: 8 }), g: binary({ length: 16 }), h: varbinary({ length: 200 }), i: singlestoreEnum(["it\'s", "a;b"]), j: json(), k: vector({ dimensions: 3 }), l: vector({ dimensions: 4, elementType: "I8" })',
  times:
    'a: timestamp(), b: timestamp().defaultNow().onUpdateNow(), c: datetime(), d: datetime({ mode: "string" }), e: date(), f: time()',
};

export const SINGLESTORE: readonly Transition[] = [
  ...Object.entries(FAMILIES).flatMap(([family, columns]) => [
    from(`a table of ${family}`, undefined, things(columns)),
    alter(`add ${family}`, '', columns),
  ]),
  alter(
    'add defaults',
    '',
    String.raw`a: ${V}.notNull().default("it's; -- x"), b: int().default(-1), c: boolean().default(true), d: ${V}.default("C:\\temp\nx;--> statement-breakpoint\ny"), e: json().default({ a: ["it's", 1] }), f: timestamp().defaultNow(), g: ${V}.default(sql${'`'}(uuid())${'`'})`,
  ),
  from(
    'an id that counts by itself',
    undefined,
    'export const a = singlestoreTable("a", { id: bigint({ mode: "number", unsigned: true }).autoincrement().primaryKey() });\nexport const b = singlestoreTable("b", { id: serial().primaryKey(), c: int() });',
  ),
  alter('drop columns', 'a: text(), b: int(), c: text()', 'b: int()'),
  alter(
    'set not null',
    'a: text(), b: int().default(1)',
    'a: text().notNull(), b: int().notNull().default(1)',
  ),
  alter('set a default', `a: ${V}`, `a: ${V}.default("it's; -- x")`),
  alter('drop a default', `a: ${V}.default("x")`, `a: ${V}`),
  alter('another type', 'a: int()', 'a: bigint({ mode: "number" }).notNull()'),
  alter('a column moves and nothing else', 'a: text(), b: int()', 'b: int(), a: text()', {
    noop: true,
  }),
  alter(
    'a generated column',
    'a: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`concat(a, \';\')`, { mode: "stored" })',
  ),
  from(
    'a composite primary key',
    undefined,
    'export const m = singlestoreTable("m", { a: int(), b: int() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);',
  ),
  from(
    'a table with unique constraints and indexes',
    undefined,
    things(
      'a: int().unique(), b: int()',
      'unique("both").on(t.a, t.b), index("by b").on(t.b), uniqueIndex("once").on(t.b, t.id)',
    ),
  ),
  alter('add an index', 'a: int()', [
    'a: int()',
    'index("by a").on(t.a), uniqueIndex("once").on(t.a, t.id)',
  ]),
  alter('drop an index', ['a: int()', 'index("by a").on(t.a)'], 'a: int()'),
  alter('add a unique constraint', 'a: int()', 'a: int().unique()'),
  alter('drop a unique constraint', 'a: int().unique()', 'a: int()'),
  from('add a table', table('one'), `${table('one')}\n${table('two', 'a: text().notNull()')}`),
  from('drop a table', `${table('one')}\n${table('two')}`, table('one')),
  alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
  alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
  alter(
    'rename one column of two, add one, drop one',
    'a: text(), b: text()',
    'c: text(), d: text()',
    { renames: [{ from: 'b', to: 'd' }] },
  ),
  from('rename a table', things('a: text()'), table('items', 'a: text()'), {
    renames: [{ from: 'things', to: 'items' }],
  }),
  from('a table for another', things('a: text()'), table('items', 'a: text()'), { renames: [] }),
  from('rename a table and a column', things('a: text()'), table('items', 'b: text()'), {
    renames: [
      { from: 'things', to: 'items' },
      { from: 'a', to: 'b' },
    ],
  }),
  from(
    'rename to odd names',
    things('a: text()'),
    'export const odd = singlestoreTable("a.b; c", { id: int().primaryKey(), a: text("d -- e") });',
    {
      renames: [
        { from: 'things', to: 'a.b; c' },
        { from: 'a', to: 'd -- e' },
      ],
    },
  ),
  ...['a`b', 'say "it"', 'x column in y', 'a › b'].flatMap((name) => [
    from(`rename to ${name}`, things('a: text()'), named(name), {
      renames: [
        { from: 'things', to: name },
        { from: 'a', to: name },
      ],
    }),
    from(`rename from ${name}`, named(name), things('a: text()'), {
      renames: [
        { from: name, to: 'things' },
        { from: name, to: 'a' },
      ],
    }),
  ]),
  alter(
    'snake case, which drizzle-kit does not apply here',
    'firstName: text()',
    'givenName: text(), lastName: text()',
    { casing: 'snake_case', renames: [{ from: 'firstName', to: 'givenName' }] },
  ),
  alter('without breakpoints', 'a: text()', 'a: text().notNull(), b: int()', {
    breakpoints: false,
  }),
];

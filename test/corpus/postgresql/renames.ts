import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const mood = (name: string): string => `export const mood = pgEnum("${name}", ["sad", "ok"]);\n`;
/** The table `things` with a policy and a column of one name. */
const ruled = (name: string): string => things(`${name}: text()`, `pgPolicy("${name}")`);
/** Two tables `users`, in a schema and in public. */
const twice = (inSchema: string, inPublic: string): string =>
  `export const auth = pgSchema("auth");\nexport const theirs = auth.table("users", { id: integer(), ${inSchema}: text() });\nexport const ours = pgTable("users", { id: integer(), ${inPublic}: text() });`;
/** A thing of every kind, all of one name: PostgreSQL would not take them all, drizzle-kit does. */
const namesakes = (name: string, holder = 't'): string => `export const s = pgSchema("${name}");
export const e = pgEnum("${name}", ["sad"]);
export const r = pgRole("${name}");
export const q = pgSequence("${name}");
export const t = pgTable("${holder}", { id: integer(), ${name}: text() }, () => [pgPolicy("${name}")]);
export const v = pgView("${name}").as((b) => b.select({ id: t.id }).from(t));`;
const odd = (name: string, column: string): string =>
  `export const odd = pgTable(${JSON.stringify(name)}, { id: integer().primaryKey(), a: text(${JSON.stringify(column)}) });`;
const ODD = ['say "it"', 'a`b', '"', 'a"."b', 'x column in y', 'a › b', "it's; -- $& (.*)"];
const BUSY = 'a: text().notNull().unique(), b: integer().references(() => owners.id), c: integer()';
const busy = (columns: string, extra: string, name = 'things'): string =>
  `${table('owners')}\n${table(name, columns, extra)}`;

export const RENAMES: readonly Transition[] = [
  alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
  alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
  alter(
    'rename a column that changes its type, default and not null',
    'a: text()',
    'b: varchar({ length: 5 }).notNull().default("x")',
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  alter('rename two columns', 'a: text(), b: text()', 'c: text(), d: text()', {
    renames: [
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
    ],
  }),
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
    'rename the last of three, with three new ones',
    'a: text(), b: integer(), c: uuid()',
    'x: text(), y: integer(), z: uuid()',
    { renames: [{ from: 'c', to: 'z' }] },
  ),
  alter(
    'rename a column while others change',
    'a: text(), b: integer(), c: text().notNull()',
    'z: text(), b: bigint({ mode: "number" }).default(1), c: text(), d: boolean()',
    { renames: [{ from: 'a', to: 'z' }] },
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
    'rename a column of a composite key',
    'export const m = pgTable("m", { a: integer(), b: integer() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);',
    'export const m = pgTable("m", { a: integer(), c: integer() }, (t) => [primaryKey({ columns: [t.a, t.c] })]);',
    { renames: [{ from: 'b', to: 'c' }] },
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
    'rename a table, add one, drop one',
    `${table('one')}\n${table('two')}`,
    `${table('three')}\n${table('four')}`,
    { renames: [{ from: 'two', to: 'three' }] },
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
    'rename a table that keeps nothing of its columns',
    things('a: text(), b: integer()'),
    table('items', 'c: boolean(), d: uuid()'),
    { renames: [{ from: 'things', to: 'items' }] },
  ),
  from(
    'rename a schema, an enum, a table and a column at once',
    `export const s = pgSchema("one");\n${mood('mood')}export const x = s.table("x", { id: integer(), a: mood() });`,
    `export const s = pgSchema("two");\n${mood('feeling')}export const x = s.table("y", { id: integer(), b: mood() });`,
    {
      renames: [
        { from: 'one', to: 'two' },
        { from: 'mood', to: 'feeling' },
        { from: 'two.x', to: 'two.y' },
        { from: 'a', to: 'b' },
      ],
    },
  ),
  from(
    'renames of every kind with additions and removals',
    everything('things', 'a', 'mood', 'counter', 'seen', 'own', 'boss', 'gone'),
    everything('items', 'b', 'feeling', 'clock', 'watched', 'mine', 'chief', 'fresh'),
    {
      renames: [
        { from: 'things', to: 'items' },
        { from: 'a', to: 'b' },
        { from: 'mood', to: 'feeling' },
        { from: 'counter', to: 'clock' },
        { from: 'seen', to: 'watched' },
        { from: 'own', to: 'mine' },
        { from: 'boss', to: 'chief' },
      ],
    },
  ),
  from(
    'a table and a column that share their names',
    `${table('a', 'a: text()')}`,
    `${table('b', 'b: text()')}`,
    {
      renames: [
        { from: 'a', to: 'b', within: 'b' },
        { from: 'a', to: 'b' },
      ],
    },
  ),
  from(
    'a table and a column that share their names, the column new',
    `${table('a', 'a: text()')}`,
    `${table('b', 'b: text()')}`,
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  from('a policy and a column that share their names, both renamed', ruled('a'), ruled('b'), {
    renames: [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'b', again: true },
    ],
  }),
  from('a policy and a column that share their names, the column new', ruled('a'), ruled('b'), {
    renames: [{ from: 'a', to: 'b', again: true }],
  }),
  from('a policy and a column that share their names, the policy new', ruled('a'), ruled('b'), {
    renames: [{ from: 'a', to: 'b' }],
  }),
  from('a policy and a column that share their names, both new', ruled('a'), ruled('b'), {
    renames: [],
  }),
  from(
    'a policy takes the name of a new column, whose table is renamed',
    things('a: text()', 'pgPolicy("p")'),
    table('items', 'b: text()', 'pgPolicy("b")'),
    {
      renames: [
        { from: 'things', to: 'items' },
        { from: 'p', to: 'b' },
      ],
    },
  ),
  from(
    'tables of one name in two schemas, a column of the first renamed',
    twice('a', 'a'),
    twice('b', 'b'),
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  from(
    'tables of one name in two schemas, a column of the second renamed',
    twice('a', 'a'),
    twice('b', 'b'),
    { renames: [{ from: 'a', to: 'b', again: true }] },
  ),
  from('things of every kind that share their names, all new', namesakes('a'), namesakes('b'), {
    renames: [],
  }),
  ...['schema', 'enum', 'role', 'sequence', 'view', 'column'].map((kind) =>
    from(
      `things of every kind that share their names, only the ${kind} renamed`,
      namesakes('a'),
      namesakes('b'),
      { renames: [{ from: 'a', to: 'b', kind }] },
    ),
  ),
  from(
    'things of every kind that share their names, only the policy renamed',
    namesakes('a'),
    namesakes('b'),
    { renames: [{ from: 'a', to: 'b', kind: 'column', again: true }] },
  ),
  from(
    'things of every kind that share their names, only the table renamed',
    namesakes('a', 'a'),
    namesakes('b', 'b'),
    { renames: [{ from: 'a', to: 'b', kind: 'table' }] },
  ),
  ...ODD.flatMap((name) => [
    from(`rename a table and a column to ${name}`, odd('plain', 'simple'), odd(name, name), {
      renames: [
        { from: 'plain', to: name },
        { from: 'simple', to: name },
      ],
    }),
    from(`rename a table and a column from ${name}`, odd(name, name), odd('plain', 'simple'), {
      renames: [
        { from: name, to: 'plain' },
        { from: name, to: 'simple' },
      ],
    }),
  ]),
  from(
    'enums, sequences, views, roles, policies and schemas of names with their quote',
    quotedThings('old "one"'),
    quotedThings('new "one"'),
    {
      renames: ['s', 'e', 'q', 'v', 'r', 'p'].map((kind) => ({
        from: `${kind} old "one"`,
        to: `${kind} new "one"`,
      })),
    },
  ),
];

function quotedThings(name: string): string {
  const text = (kind: string): string => JSON.stringify(`${kind} ${name}`);
  return `export const s = pgSchema(${text('s')});
export const e = pgEnum(${text('e')}, ["sad"]);
export const q = pgSequence(${text('q')});
export const r = pgRole(${text('r')});
export const t = pgTable("t", { id: integer() }, () => [pgPolicy(${text('p')})]);
export const v = pgView(${text('v')}).as((b) => b.select({ id: t.id }).from(t));`;
}
function everything(
  items: string,
  column: string,
  feeling: string,
  sequence: string,
  view: string,
  policy: string,
  role: string,
  other: string,
): string {
  return `export const mood = pgEnum("${feeling}", ["sad"]);
export const counter = pgSequence("${sequence}");
export const boss = pgRole("${role}");
export const things = pgTable("${items}", { id: integer().primaryKey(), ${column}: mood(), ${other}: text() }, (t) => [pgPolicy("${policy}"), index("by_${other}").on(t.${other})]);
export const seen = pgView("${view}").as((q) => q.select({ id: things.id }).from(things));
export const other = pgTable("${other}", { id: integer().primaryKey() });`;
}

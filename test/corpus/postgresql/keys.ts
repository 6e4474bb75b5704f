import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const ACTIONS = ['cascade', 'restrict', 'no action', 'set null', 'set default'] as const;
const owned = (reference: string): string =>
  `${table('owners')}\n${things(`owner: integer()${reference}`)}`;
const refers = (columns: string, foreign: string, more = ''): string =>
  `foreignKey({ columns: [${columns}], foreignColumns: [${foreign}]${more} })`;
const pair = (extra: string): string =>
  `${table('pairs', 'a: integer(), b: text()', 'unique("pairs_ab").on(t.a, t.b)')}\n${things('a: integer(), b: text()', extra)}`;
const noId = (columns: string, extra = ''): string =>
  `export const members = pgTable('members', { ${columns} }, (t) => [${extra}]);`;

export const KEYS: readonly Transition[] = [
  from(
    'a composite primary key',
    undefined,
    noId('a: integer(), b: text()', 'primaryKey({ columns: [t.a, t.b] })'),
  ),
  from(
    'a composite primary key with a name',
    undefined,
    noId('a: integer(), b: text()', 'primaryKey({ name: "my pk", columns: [t.b, t.a] })'),
  ),
  from(
    'add a composite primary key',
    noId('a: integer(), b: text()'),
    noId('a: integer(), b: text()', 'primaryKey({ columns: [t.a, t.b] })'),
  ),
  from(
    'drop a composite primary key',
    noId('a: integer(), b: text()', 'primaryKey({ columns: [t.a, t.b] })'),
    noId('a: integer(), b: text()'),
  ),
  from(
    'another composite primary key',
    noId('a: integer(), b: text(), c: text()', 'primaryKey({ columns: [t.a, t.b] })'),
    noId('a: integer(), b: text(), c: text()', 'primaryKey({ columns: [t.a, t.b, t.c] })'),
  ),
  from(
    'a composite primary key gets a name',
    noId('a: integer(), b: text()', 'primaryKey({ columns: [t.a, t.b] })'),
    noId('a: integer(), b: text()', 'primaryKey({ name: "pk", columns: [t.a, t.b] })'),
  ),
  from(
    'add a primary key',
    noId('a: integer(), b: text()'),
    noId('a: integer().primaryKey(), b: text()'),
  ),
  from(
    'drop a primary key',
    noId('a: integer().primaryKey(), b: text()'),
    noId('a: integer(), b: text()'),
  ),

  alter('add unique constraints', 'a: text(), b: text(), c: text(), d: text()', [
    'a: text().unique(), b: text().unique("b_once"), c: text().unique("c_once", { nulls: "not distinct" }), d: text()',
    'unique().on(t.a, t.b), unique("both").on(t.c, t.d).nullsNotDistinct()',
  ]),
  from(
    'a table with unique constraints',
    undefined,
    things(
      'a: text().unique(), b: text().unique("b once", { nulls: "not distinct" })',
      'unique().on(t.a, t.b), unique("both").on(t.b, t.a).nullsNotDistinct()',
    ),
  ),
  alter('drop a unique constraint', 'a: text().unique(), b: text()', 'a: text(), b: text()'),
  alter(
    'a unique constraint stops to distinguish nulls',
    'a: text().unique("once")',
    'a: text().unique("once", { nulls: "not distinct" })',
  ),
  alter(
    'a unique constraint over more columns',
    ['a: text(), b: text()', 'unique("once").on(t.a)'],
    ['a: text(), b: text()', 'unique("once").on(t.a, t.b)'],
  ),
  alter(
    'a unique constraint of another name',
    'a: text().unique("one")',
    'a: text().unique("two")',
  ),

  ...ACTIONS.map((action) =>
    from(
      `a foreign key, ${action}`,
      owned(''),
      owned(`.references(() => owners.id, { onDelete: "${action}", onUpdate: "${action}" })`),
    ),
  ),
  from('tables with a foreign key', undefined, owned('.notNull().references(() => owners.id)')),
  from(
    'another action',
    owned('.references(() => owners.id)'),
    owned('.references(() => owners.id, { onDelete: "cascade" })'),
  ),
  from('drop a foreign key', owned('.references(() => owners.id)'), owned('')),
  from(
    'drop a foreign key, its column and its table',
    owned('.references(() => owners.id)'),
    things(),
  ),
  from(
    'a foreign key to another table',
    `${table('others')}\n${owned('.references(() => owners.id)')}`,
    `${table('others')}\n${owned('.references(() => others.id)')}`,
  ),
  from(
    'a table refers to itself',
    undefined,
    things('parent: integer().references(() => things.id, { onDelete: "set null" })'),
  ),
  alter('a column refers to its own table', 'parent: integer()', [
    'parent: integer()',
    refers('t.parent', 't.id', ', name: "parent of thing"'),
  ]),
  from(
    'a composite foreign key with a name',
    pair(''),
    pair(
      `${refers('t.a, t.b', 'pairs.a, pairs.b', ', name: "to_pairs"')}.onDelete("cascade").onUpdate("no action")`,
    ),
  ),
  from('a composite foreign key', undefined, pair(refers('t.a, t.b', 'pairs.a, pairs.b'))),
  from(
    'tables that refer to each other',
    undefined,
    `${table('left', 'other: integer().references(() => right.id)')}\n${table('right', 'other: integer().references(() => left.id)')}`,
  ),

  alter('add checks', 'a: integer(), b: text()', [
    'a: integer(), b: text()',
    `check("a_positive", sql\`\${t.a} > 0\`), check("b plain", sql\`\${t.b} <> 'x;--' AND \${t.b} NOT LIKE '%''%'\`)`,
  ]),
  from(
    'a table with checks',
    undefined,
    things('a: integer()', 'check("a_positive", sql`a > 0`), check("a_small", sql`${t.a} < 10`)'),
  ),
  alter(
    'another check',
    ['a: integer()', 'check("a_positive", sql`a > 0`)'],
    ['a: integer()', 'check("a_positive", sql`a >= 0`)'],
  ),
  alter('drop a check', ['a: integer()', 'check("a_positive", sql`a > 0`)'], 'a: integer()'),
];

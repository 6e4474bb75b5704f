import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const ACTIONS = ['cascade', 'restrict', 'no action', 'set null', 'set default'] as const;
const owned = (reference: string): string =>
  `${table('owners')}\n${things(`owner: int()${reference}`)}`;
const refers = (columns: string, foreign: string, more = ''): string =>
  `foreignKey({ columns: [${columns}], foreignColumns: [${foreign}]${more} })`;
const pair = (extra: string): string =>
  `${table('pairs', 'a: int(), b: int()', 'unique("pairs_ab").on(t.a, t.b)')}\n${things('a: int(), b: int()', extra)}`;
const noId = (columns: string, extra = ''): string =>
  `export const members = mysqlTable('members', { ${columns} }, (t) => [${extra}]);`;
const COLUMNS = 'a: varchar({ length: 20 }), b: int(), c: text()';

/** Name -> an index, as TypeScript. */
const INDEXES: Readonly<Record<string, string>> = {
  plain: 'index("by a").on(t.a, t.b)',
  unique: 'uniqueIndex("once").on(t.a)',
  'on an expression':
    'index("lower_a").on(sql`(lower(${t.a}))`), uniqueIndex("prefix").on(sql`c(20)`)',
  'with a method, an algorithm and a lock':
    'index("tree").on(t.a).using("btree"), index("hashed").on(t.b).using("hash").algorithm("inplace"), index("locked").on(t.b).lock("shared").algorithm("copy")',
};

export const KEYS: readonly Transition[] = [
  from(
    'a composite primary key',
    undefined,
    noId('a: int(), b: int()', 'primaryKey({ columns: [t.a, t.b] })'),
  ),
  from(
    'a composite primary key with a name',
    undefined,
    noId('a: int(), b: int()', 'primaryKey({ name: "my pk", columns: [t.b, t.a] })'),
  ),
  from(
    'add a composite primary key',
    noId('a: int(), b: int()'),
    noId('a: int(), b: int()', 'primaryKey({ columns: [t.a, t.b] })'),
  ),
  from(
    'drop a composite primary key',
    noId('a: int(), b: int()', 'primaryKey({ columns: [t.a, t.b] })'),
    noId('a: int(), b: int()'),
  ),
  from(
    'another composite primary key',
    noId('a: int(), b: int(), c: int()', 'primaryKey({ columns: [t.a, t.b] })'),
    noId('a: int(), b: int(), c: int()', 'primaryKey({ columns: [t.a, t.b, t.c] })'),
  ),
  from('add a primary key', noId('a: int(), b: int()'), noId('a: int().primaryKey(), b: int()')),

  from(
    'a table with unique constraints',
    undefined,
    things('a: int().unique(), b: int().unique("b once")', 'unique().on(t.a, t.b)'),
  ),
  alter('add unique constraints', 'a: int(), b: int()', [
    'a: int().unique(), b: int()',
    'unique("both").on(t.a, t.b)',
  ]),
  alter('drop a unique constraint', 'a: int().unique(), b: int()', 'a: int(), b: int()'),
  alter(
    'a unique constraint over more columns',
    ['a: int(), b: int()', 'unique("once").on(t.a)'],
    ['a: int(), b: int()', 'unique("once").on(t.a, t.b)'],
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
    'a table refers to itself',
    undefined,
    things('parent: int().references(() => things.id, { onDelete: "set null" })'),
  ),
  alter('a column refers to its own table', 'parent: int()', [
    'parent: int()',
    refers('t.parent', 't.id', ', name: "parent of thing"'),
  ]),
  from(
    'a composite foreign key with a name',
    pair(''),
    pair(
      `${refers('t.a, t.b', 'pairs.a, pairs.b', ', name: "to_pairs"')}.onDelete("cascade").onUpdate("no action")`,
    ),
  ),

  alter('add checks', 'a: int(), b: text()', [
    'a: int(), b: text()',
    `check("a_positive", sql\`\${t.a} > 0\`), check("b plain", sql\`\${t.b} <> 'x -- y'\`)`,
  ]),
  from(
    'a table with checks',
    undefined,
    things('a: int()', 'check("a_positive", sql`a > 0`), check("a_small", sql`${t.a} < 10`)'),
  ),
  alter(
    'another check',
    ['a: int()', 'check("a_positive", sql`a > 0`)'],
    ['a: int()', 'check("a_positive", sql`a >= 0`)'],
  ),
  alter('drop a check', ['a: int()', 'check("a_positive", sql`a > 0`)'], 'a: int()'),

  from(
    'a table with indexes of every kind',
    undefined,
    things(COLUMNS, Object.values(INDEXES).join(', ')),
  ),
  ...Object.entries(INDEXES).map(([name, index]) =>
    alter(`add an index ${name}`, COLUMNS, [COLUMNS, index]),
  ),
  alter('drop all indexes', [COLUMNS, Object.values(INDEXES).join(', ')], COLUMNS),
  alter(
    'an index over other columns',
    [COLUMNS, 'index("i").on(t.a)'],
    [COLUMNS, 'index("i").on(t.b, t.a)'],
  ),
  alter(
    'an index becomes unique',
    [COLUMNS, 'index("i").on(t.a)'],
    [COLUMNS, 'uniqueIndex("i").on(t.a)'],
  ),
];

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
  `export const members = sqliteTable('members', { ${columns} }, (t) => [${extra}]);`;
const COLUMNS = 'a: text(), b: integer()';

/** Name -> an index, as TypeScript. */
const INDEXES: Readonly<Record<string, string>> = {
  plain: 'index("by a").on(t.a, t.b)',
  unique: 'uniqueIndex("once").on(t.a)',
  partial: `uniqueIndex("live").on(t.a).where(sql\`\${t.b} IS NULL AND a <> 'x -- y'\`)`,
  'on an expression':
    'uniqueIndex("lower_a").on(sql`lower(${t.a})`), index("down").on(sql`${t.b} desc`)',
};

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
    'add a primary key',
    noId('a: integer(), b: text()'),
    noId('a: integer().primaryKey(), b: text()'),
  ),

  from(
    'a table with unique constraints',
    undefined,
    things('a: text().unique(), b: text().unique("b once")', 'unique().on(t.a, t.b)'),
  ),
  alter('add unique constraints', 'a: text(), b: text()', [
    'a: text().unique(), b: text()',
    'unique("both").on(t.a, t.b)',
  ]),
  alter('drop a unique constraint', 'a: text().unique(), b: text()', 'a: text(), b: text()'),

  ...ACTIONS.map((action) =>
    from(
      `a foreign key, ${action}`,
      owned(''),
      owned(`.references(() => owners.id, { onDelete: "${action}", onUpdate: "${action}" })`),
    ),
  ),
  from('tables with a foreign key', undefined, owned('.notNull().references(() => owners.id)')),
  from(
    'a column with a foreign key',
    `${table('owners')}\n${things()}`,
    owned('.references(() => owners.id)'),
  ),
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
    things('parent: integer().references(() => things.id, { onDelete: "set null" })'),
  ),
  alter('a column refers to its own table', 'parent: integer()', [
    'parent: integer()',
    refers('t.parent', 't.id', ', name: "parent of thing"'),
  ]),
  from(
    'a composite foreign key',
    pair(''),
    pair(
      `${refers('t.a, t.b', 'pairs.a, pairs.b', ', name: "to_pairs"')}.onDelete("cascade").onUpdate("no action")`,
    ),
  ),

  alter('add checks', 'a: integer(), b: text()', [
    'a: integer(), b: text()',
    `check("a_positive", sql\`\${t.a} > 0\`), check("b plain", sql\`\${t.b} <> 'x;--'\`)`,
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
  alter(
    'an index of a table that is made again',
    ['a: text(), b: integer()', 'index("i").on(t.a), uniqueIndex("j").on(t.b)'],
    ['a: text().notNull(), b: integer()', 'index("i").on(t.a), uniqueIndex("j").on(t.b)'],
  ),
];

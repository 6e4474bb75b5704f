import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const COLUMNS = 'a: text(), b: integer(), c: jsonb(), d: vector({ dimensions: 3 })';

/** Name -> an index, as TypeScript. */
const INDEXES: Readonly<Record<string, string>> = {
  plain: 'index().on(t.a)',
  'with a name': 'index("by a").on(t.a, t.b)',
  unique: 'uniqueIndex("once").on(t.a)',
  partial: `uniqueIndex("live").on(t.a).where(sql\`\${t.b} IS NULL AND a <> 'x -- y'\`)`,
  'on an expression':
    'uniqueIndex("lower_a").on(sql`lower(${t.a})`), index("two").on(sql`(a || \'-\')`, t.b)',
  'of another method': 'index("tree").using("gin", t.c), index("hashed").using("hash", t.a)',
  'with an operator class':
    'index("near").using("hnsw", t.d.op("vector_cosine_ops")), index("like").on(t.a.op("text_pattern_ops"))',
  'in an order': 'index("ordered").on(t.a.desc().nullsLast(), t.b.asc().nullsFirst(), t.c.desc())',
  concurrently:
    'index("later").on(t.a).concurrently(), uniqueIndex("later_once").on(t.a).concurrently()',
  'with parameters':
    'index("filled").on(t.a).with({ fillfactor: "70" }), index("lists").using("ivfflat", t.d.op("vector_l2_ops")).with({ lists: 100 })',
  only: 'index("only_this").onOnly(t.a)',
};
const all = Object.values(INDEXES).join(', ');

export const INDEX_CHANGES: readonly Transition[] = [
  from('a table with indexes of every kind', undefined, things(COLUMNS, all)),
  ...Object.entries(INDEXES).map(([name, index]) =>
    alter(`add an index ${name}`, COLUMNS, [COLUMNS, index]),
  ),
  alter('drop all indexes', [COLUMNS, all], COLUMNS),
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
    'an index gets an order',
    [COLUMNS, 'index("i").on(t.a)'],
    [COLUMNS, 'index("i").on(t.a.desc())'],
  ),
  alter(
    'an index gets another condition',
    [COLUMNS, 'index("i").on(t.a).where(sql`b > 0`)'],
    [COLUMNS, 'index("i").on(t.a).where(sql`b > 1`)'],
  ),
  alter(
    'an index of another name',
    [COLUMNS, 'index("i").on(t.a)'],
    [COLUMNS, 'index("j").on(t.a)'],
  ),
  alter(
    'an index on a column that is dropped',
    ['a: text(), b: integer()', 'index("i").on(t.b)'],
    'a: text()',
  ),
  alter('an index on a column that is added', 'a: text()', [
    'a: text(), b: integer()',
    'index("i").on(t.b, t.a)',
  ]),
];

import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const CUSTOM =
  'const money = customType({ dataType: (config) => `decimal(${config?.size ?? 1}, 2)` });\n';

const FAMILIES: Readonly<Record<string, string>> = {
  numbers:
    'a: tinyint(), b: smallint(), c: mediumint(), d: int(), e: bigint({ mode: "number" }), f: bigint({ mode: "bigint", unsigned: true }), g: int({ unsigned: true }), h: float(), i: double(), j: double({ precision: 10, scale: 2 }), k: real({ precision: 5, scale: 2 }), l: decimal(), m: decimal({ precision: 10, scale: 2 }), n: decimal({ precision: 6, unsigned: true }), o: boolean(), p: float({ precision: 6, scale: 2, unsigned: true }), q: year()',
  texts:
    'a: text(), b: tinytext(), c: mediumtext(), d: longtext(), e: varchar({ length: 255 }), f: char({ length: 8 }), g: char(), h: text({ enum: ["x", "y"] }), i: binary({ length: 16 }), j: varbinary({ length: 200 }), k: binary()',
  times:
    'a: timestamp(), b: timestamp({ fsp: 3 }), c: datetime(), d: datetime({ mode: "string", fsp: 6 }), e: date(), f: time(), g: time({ fsp: 2 })',
  'enums and documents': `a: mysqlEnum(["sad", "ok"]), b: mysqlEnum("mood", ["it's", "a;b", "c--d", "say \\"x\\""]).notNull(), c: json(), d: json().$type<string[]>().notNull()`,
};

const TYPE_CHANGES: readonly (readonly [string, string, string])[] = [
  ['a wider number', 'a: int()', 'a: bigint({ mode: "number" })'],
  ['a number loses its sign', 'a: int().notNull()', 'a: int({ unsigned: true }).notNull()'],
  [
    'a longer varchar',
    'a: varchar({ length: 10 }).notNull().default("x")',
    'a: varchar({ length: 20 }).notNull().default("x")',
  ],
  ['a varchar becomes a text', 'a: varchar({ length: 10 })', 'a: text()'],
  [
    'another precision',
    'a: decimal({ precision: 10, scale: 2 })',
    'a: decimal({ precision: 12, scale: 4 })',
  ],
  [
    'a timestamp gets fractions',
    'a: timestamp().defaultNow()',
    'a: timestamp({ fsp: 3 }).default(sql`(now(3))`)',
  ],
  [
    'a value more for an enum',
    'a: mysqlEnum(["sad", "ok"]).default("ok")',
    'a: mysqlEnum(["sad", "so-so", "ok"]).default("ok")',
  ],
  ['a value less for an enum', 'a: mysqlEnum(["sad", "ok"])', 'a: mysqlEnum(["sad"])'],
  ['an enum becomes a text', 'a: mysqlEnum(["sad", "ok"]).notNull()', 'a: varchar({ length: 9 })'],
  [
    'type, default and not null at once',
    'a: int().default(1)',
    'a: varchar({ length: 5 }).notNull().default("x")',
  ],
];

export const COLUMNS: readonly Transition[] = [
  ...Object.entries(FAMILIES).flatMap(([family, columns]) => [
    from(`a table of ${family}`, undefined, things(columns)),
    alter(`add ${family}`, '', columns),
  ]),
  from(
    'custom types',
    CUSTOM + things('a: money()'),
    CUSTOM + things('a: money({ size: 8 }).notNull(), b: money("the price")'),
  ),
  ...TYPE_CHANGES.map(([name, before, after]) => alter(name, before, after)),
  from(
    'an id that counts by itself',
    undefined,
    'export const a = mysqlTable("a", { id: bigint({ mode: "number", unsigned: true }).autoincrement().primaryKey() });\nexport const b = mysqlTable("b", { id: serial().primaryKey(), c: int() });',
  ),
  from(
    'an id begins to count',
    'export const a = mysqlTable("a", { id: int().primaryKey() });',
    'export const a = mysqlTable("a", { id: int().autoincrement().primaryKey() });',
  ),
  from(
    'an id stops to count',
    'export const a = mysqlTable("a", { id: int().autoincrement().primaryKey() });',
    'export const a = mysqlTable("a", { id: int().primaryKey() });',
  ),
  alter('drop columns', 'a: text(), b: int(), c: varchar({ length: 9 }).unique()', 'b: int()'),
  alter(
    'set not null',
    'a: text(), b: int().default(1)',
    'a: text().notNull(), b: int().notNull().default(1)',
  ),
  alter(
    'drop not null',
    'a: varchar({ length: 9 }).notNull().default("x")',
    'a: varchar({ length: 9 }).default("x")',
  ),
  alter(
    'change many columns at once',
    'a: text(), b: text().notNull(), c: int().default(1), d: text()',
    'a: text().notNull(), b: text(), c: int().default(2), d: longtext(), e: boolean().notNull().default(false)',
  ),
  alter('a column moves and nothing else', 'a: text(), b: int()', 'b: int(), a: text()', {
    noop: true,
  }),
  alter(
    'what TypeScript alone sees',
    'a: text(), b: json()',
    'a: text({ enum: ["x"] }), b: json().$type<string[]>().$defaultFn(() => [])',
    { noop: true },
  ),
  alter(
    'generated columns',
    'a: text()',
    'a: text(), b: varchar({ length: 9 }).generatedAlwaysAs(sql`upper(a)`), c: text().generatedAlwaysAs(sql`concat(a, \';\')`, { mode: "stored" }).notNull(), d: int().generatedAlwaysAs(() => sql`length(${things.a})`, { mode: "virtual" })',
  ),
  from(
    'a table with generated columns',
    undefined,
    things('a: text(), b: text().generatedAlwaysAs(sql`concat(a, \'--\')`, { mode: "stored" })'),
  ),
  alter(
    'a column becomes generated',
    'a: text(), b: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`, { mode: "stored" })',
  ),
  alter(
    'a stored column becomes plain',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`, { mode: "stored" })',
    'a: text(), b: text()',
  ),
  alter(
    'a virtual column becomes plain',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text()',
  ),
  alter(
    'another generation expression',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`, { mode: "stored" })',
    'a: text(), b: text().generatedAlwaysAs(sql`lower(a)`, { mode: "stored" })',
  ),
  alter(
    'a virtual column becomes stored',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`, { mode: "stored" })',
  ),
];

import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const CUSTOM =
  'const tsvector = customType({ dataType: () => "tsvector" });\nconst citext = customType({ dataType: (config) => `citext(${config?.size ?? 1})` });\n';

const FAMILIES: Readonly<Record<string, string>> = {
  numbers:
    'a: smallint(), b: integer(), c: bigint({ mode: "number" }), d: bigint({ mode: "bigint" }), e: numeric(), f: numeric({ precision: 10 }), g: numeric({ precision: 10, scale: 2 }), h: numeric({ mode: "number" }), i: decimal({ scale: 0, precision: 4 }), j: real(), k: doublePrecision(), l: boolean()',
  serials:
    'a: serial(), b: smallserial(), c: bigserial({ mode: "number" }), d: bigserial("from", { mode: "bigint" })',
  texts:
    'a: text(), b: varchar(), c: varchar({ length: 255 }), d: char(), e: char({ length: 8 }), f: text({ enum: ["x", "y"] }), g: varchar({ length: 10, enum: ["x"] }), h: uuid()',
  times:
    'a: timestamp(), b: timestamp({ withTimezone: true }), c: timestamp({ precision: 3, mode: "string" }), d: timestamp({ precision: 6, withTimezone: true }), e: time(), f: time({ precision: 2, withTimezone: true }), g: date(), h: date({ mode: "date" }), i: interval(), j: interval({ fields: "day to second", precision: 3 }), k: interval({ fields: "month" })',
  documents: 'a: json(), b: jsonb(), c: jsonb().$type<{ a: string }>().notNull()',
  places:
    'a: point(), b: point({ mode: "xy" }), c: line(), d: line({ mode: "abc" }), e: geometry({ type: "point" }), f: geometry({ type: "point", mode: "xy", srid: 4326 })',
  vectors:
    'a: vector({ dimensions: 3 }), b: halfvec({ dimensions: 4 }), c: sparsevec({ dimensions: 5 }), d: bit({ dimensions: 6 })',
  networks: 'a: inet(), b: cidr(), c: macaddr(), d: macaddr8()',
  arrays:
    'a: text().array(), b: integer().array(3), c: text().array().array(), d: varchar({ length: 10 }).array().notNull(), e: numeric({ precision: 10, scale: 2 }).array(2).array(), f: timestamp({ withTimezone: true }).array(), g: uuid().array()',
};

const TYPE_CHANGES: readonly (readonly [string, string, string])[] = [
  ['a wider number', 'a: integer()', 'a: bigint({ mode: "number" })'],
  ['a longer varchar', 'a: varchar({ length: 10 })', 'a: varchar({ length: 20 })'],
  [
    'a varchar becomes a text',
    'a: varchar({ length: 10 }).notNull().default("x")',
    'a: text().notNull().default("x")',
  ],
  ['a text becomes an integer', 'a: text()', 'a: integer()'],
  [
    'a text becomes a uuid and keeps its default',
    'a: text().default("x")',
    'a: uuid().defaultRandom()',
  ],
  [
    'another precision',
    'a: numeric({ precision: 10, scale: 2 })',
    'a: numeric({ precision: 12, scale: 4 })',
  ],
  [
    'a timestamp gets its zone',
    'a: timestamp().defaultNow()',
    'a: timestamp({ withTimezone: true }).defaultNow()',
  ],
  ['a json becomes a jsonb', 'a: json()', 'a: jsonb()'],
  ['a text becomes an array', 'a: text()', 'a: text().array()'],
  ['an array becomes a text', 'a: text().array().default(["x"])', 'a: text().default("x")'],
  ['an integer becomes a serial', 'a: integer()', 'a: serial()'],
  ['a serial becomes an integer', 'a: serial()', 'a: integer()'],
  [
    'more dimensions',
    'a: vector({ dimensions: 3 }), b: geometry({ type: "point" })',
    'a: vector({ dimensions: 1536 }), b: geometry({ type: "point", srid: 4326 })',
  ],
  [
    'an integer becomes a boolean, not null, without its default',
    'a: integer().default(1)',
    'a: boolean().notNull()',
  ],
];

export const COLUMNS: readonly Transition[] = [
  ...Object.entries(FAMILIES).flatMap(([family, columns]) => [
    from(`a table of ${family}`, undefined, things(columns)),
    alter(`add ${family}`, '', columns),
  ]),
  from(
    'custom types',
    undefined,
    CUSTOM + things('a: tsvector(), b: citext({ size: 3 }).notNull(), c: citext("other name")'),
  ),
  from(
    'another custom type',
    CUSTOM + things('a: tsvector(), b: citext({ size: 3 })'),
    CUSTOM + things('a: citext(), b: citext({ size: 4 }).array()'),
  ),
  ...TYPE_CHANGES.map(([name, before, after]) => alter(name, before, after)),
  alter('drop a column', 'a: text(), b: integer()', 'b: integer()'),
  alter(
    'drop several columns',
    'a: text(), b: integer(), c: uuid().unique(), d: text()',
    'b: integer()',
  ),
  alter('set not null', 'a: text()', 'a: text().notNull()'),
  alter('drop not null', 'a: text().notNull()', 'a: text()'),
  alter(
    'set not null, type and default at once',
    'a: text(), b: integer()',
    'a: varchar({ length: 9 }).notNull().default("x"), b: bigint({ mode: "number" }).notNull().default(7)',
  ),
  alter(
    'change many columns at once',
    'a: text(), b: text().notNull(), c: integer().default(1), d: text()',
    'a: text().notNull(), b: text(), c: integer().default(2), d: varchar(), e: boolean().notNull().default(false)',
  ),
  alter('a column moves and nothing else', 'a: text(), b: integer()', 'b: integer(), a: text()', {
    noop: true,
  }),
  alter(
    'what TypeScript alone sees',
    'a: text(), b: jsonb(), c: timestamp()',
    'a: text({ enum: ["x", "y"] }), b: jsonb().$type<string[]>(), c: timestamp({ mode: "string" }).$defaultFn(() => "x").$onUpdate(() => "y")',
    { noop: true },
  ),
  alter(
    'generated columns',
    'a: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`), c: text().generatedAlwaysAs("lower(a)").notNull(), d: integer().generatedAlwaysAs(() => sql`length(${things.a})`)',
  ),
  from(
    'a table with generated columns',
    undefined,
    things("a: text(), b: text().generatedAlwaysAs(sql`a || ';' || '--'`)"),
  ),
  alter(
    'a column becomes generated',
    'a: text(), b: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
  ),
  alter(
    'a generated column becomes plain',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text()',
  ),
  alter(
    'another generation expression',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text().generatedAlwaysAs(sql`lower(a)`)',
  ),
];

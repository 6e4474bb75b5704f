import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const CUSTOM =
  'const point = customType({ dataType: (config) => `point(${config?.size ?? 1})` });\n';

const FAMILIES: Readonly<Record<string, string>> = {
  numbers:
    'a: integer(), b: int(), c: integer({ mode: "boolean" }), d: integer({ mode: "timestamp" }), e: integer({ mode: "timestamp_ms" }), f: real(), g: numeric(), h: numeric({ mode: "number" }), i: integer({ mode: "number" })',
  texts:
    'a: text(), b: text({ length: 20 }), c: text({ enum: ["x", "y"] }), d: text({ mode: "json" }), e: blob(), f: blob({ mode: "buffer" }), g: blob({ mode: "bigint" }), h: blob({ mode: "json" })',
};

/** Name -> a column with its default, as TypeScript. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'a string': 'a: text().notNull().default("x"), b: text().default("")',
  'a string with quotes': `a: text().default("it's \\"quoted\\" and \`ticked\`")`,
  'a string with backslashes': String.raw`a: text().default("C:\\temp\\n 100\\%")`,
  'a string with line breaks': String.raw`a: text().default("one\ntwo\r\n\tthree")`,
  'a string with what looks like the end of a statement':
    'a: text().default("a; DROP TABLE b; -- no /* more */")',
  'a string with a breakpoint in it': String.raw`a: text().default("x;--> statement-breakpoint\ny")`,
  'a string of other letters': 'a: text().default("naïve 日本 🚀")',
  numbers:
    'a: integer().default(0), b: integer().default(-1), c: real().default(1.5), d: numeric().default("0.10"), e: integer({ mode: "boolean" }).default(true), f: integer({ mode: "boolean" }).notNull().default(false)',
  times:
    'a: integer({ mode: "timestamp" }).default(new Date(0)), b: integer({ mode: "timestamp_ms" }).notNull().default(new Date(1700000000123)), c: text().default(sql`CURRENT_TIMESTAMP`), d: integer().default(sql`(unixepoch())`), e: text().notNull().default(sql`(datetime(\'now\', \'+1 day\'))`)',
  'SQL expressions': `a: text().default(sql\`(lower(hex(randomblob(16))))\`), b: integer().default(sql\`(1 + 2)\`), c: text().default(sql\`('x;y')\`), d: integer().default(sql\`(strftime('%s','now'))\`)`,
  documents: String.raw`a: text({ mode: "json" }).default({ a: [1, { b: null }], c: "it's", d: "x\"y", e: "l\nm", f: "a;b--c" }), b: text({ mode: "json" }).default([]), c: text({ mode: "json" }).notNull().default(["it's", 1, true])`,
};

export const COLUMNS: readonly Transition[] = [
  ...Object.entries(FAMILIES).flatMap(([family, columns]) => [
    from(`a table of ${family}`, undefined, things(columns)),
    alter(`add ${family}`, '', columns),
  ]),
  from(
    'custom types',
    CUSTOM + things('a: point()'),
    CUSTOM + things('a: point(), b: point({ size: 3 }), c: point("the place")'),
  ),
  ...Object.entries(DEFAULTS).flatMap(([name, columns]) => [
    from(`a table with ${name} as default`, undefined, things(columns)),
    alter(`add ${name} as default`, '', columns),
  ]),
  from(
    'an id that counts by itself',
    undefined,
    'export const a = sqliteTable("a", { id: integer().primaryKey({ autoIncrement: true }), b: text() });',
  ),
  from(
    'an id begins to count',
    'export const a = sqliteTable("a", { id: integer().primaryKey() });',
    'export const a = sqliteTable("a", { id: integer().primaryKey({ autoIncrement: true }) });',
  ),
  from(
    'a table without columns of its own type',
    undefined,
    'export const a = sqliteTable("a", { id: text().primaryKey().$defaultFn(() => "x") });',
  ),
  alter('a number becomes a text', 'a: integer()', 'a: text()'),
  alter(
    'a text becomes a number, not null, with a default',
    'a: text(), b: integer()',
    'a: integer().notNull().default(1), b: integer()',
  ),
  alter('drop a column', 'a: text(), b: integer()', 'b: integer()'),
  alter('drop several columns', 'a: text(), b: integer(), c: text(), d: text()', 'b: integer()'),
  alter('drop a column that is unique', 'a: text().unique(), b: integer()', 'b: integer()'),
  alter('set not null', 'a: text()', 'a: text().notNull()'),
  alter('drop not null', 'a: text().notNull()', 'a: text()'),
  alter(
    'set a default',
    'a: text(), b: integer()',
    'a: text().default("x"), b: integer().default(1)',
  ),
  alter(
    'set a string with quotes, semicolons and dashes',
    'a: text()',
    `a: text().default("it's; -- x")`,
  ),
  alter(
    'drop a default',
    'a: text().default("x"), b: integer().default(1)',
    'a: text(), b: integer()',
  ),
  alter('another default', 'a: text().default("x")', String.raw`a: text().default("y\\z\n")`),
  alter(
    'a literal becomes an expression',
    'a: text().default("x")',
    "a: text().default(sql`(lower('X'))`)",
  ),
  alter(
    'change many columns at once',
    'a: text(), b: text().notNull(), c: integer().default(1), d: text()',
    'a: text().notNull(), b: text(), c: integer().default(2), d: integer(), e: integer({ mode: "boolean" }).notNull().default(false)',
  ),
  alter(
    'add a column, change one and drop one',
    'a: text(), b: text()',
    'a: text().notNull().default("x"), c: text()',
    { renames: [] },
  ),
  alter('a column moves and nothing else', 'a: text(), b: integer()', 'b: integer(), a: text()', {
    noop: true,
  }),
  alter(
    'what TypeScript alone sees',
    'a: text(), b: integer()',
    'a: text({ enum: ["x"] }).$type<"x">(), b: integer({ mode: "timestamp" }).$onUpdate(() => new Date())',
    { noop: true },
  ),
  alter(
    'a virtual column',
    'a: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`), c: integer().generatedAlwaysAs(() => sql`length(${things.a})`, { mode: "virtual" })',
  ),
  alter(
    'a stored column, which SQLite cannot add',
    'a: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`a || \';--\'`, { mode: "stored" })',
    { noop: true },
  ),
  from(
    'a table with generated columns',
    undefined,
    things(
      'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`), c: text().generatedAlwaysAs(sql`lower(a)`, { mode: "stored" }).notNull()',
    ),
  ),
  alter(
    'a column becomes virtual',
    'a: text(), b: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
  ),
  alter(
    'a column becomes stored, which SQLite cannot do',
    'a: text(), b: text()',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`, { mode: "stored" })',
    { noop: true },
  ),
  alter(
    'a virtual column becomes plain',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text()',
  ),
  alter(
    'another generation expression',
    'a: text(), b: text().generatedAlwaysAs(sql`upper(a)`)',
    'a: text(), b: text().generatedAlwaysAs(sql`lower(a)`)',
  ),
];

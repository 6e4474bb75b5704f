import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const V = 'varchar({ length: 99 })';

/** Name -> a column with its default, as TypeScript. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'a string': `a: ${V}.notNull().default("x"), b: ${V}.default("")`,
  'a string with quotes': `a: ${V}.default("it's \\"quoted\\" and \`ticked\`")`,
  'a string with backslashes': String.raw`a: ${V}.default("C:\\temp\\n 100\\%")`,
  'a string with line breaks': String.raw`a: ${V}.default("one\ntwo\r\n\tthree")`,
  'a string with what looks like the end of a statement': `a: ${V}.default("a; DROP TABLE b; -- no # none /* more */")`,
  'a string with a breakpoint in it': String.raw`a: ${V}.default("x;--> statement-breakpoint\ny")`,
  'a string of other letters': `a: ${V}.default("naïve 日本 🚀")`,
  numbers:
    'a: int().default(0), b: int().default(-1), c: decimal({ precision: 5, scale: 2 }).default("0.10"), d: double().default(1.5), e: bigint({ mode: "number" }).default(5), f: year().default(2024), g: float().default(1e21)',
  'booleans and enums':
    'a: boolean().default(true), b: boolean().notNull().default(false), c: mysqlEnum(["x", "it\'s"]).default("it\'s")',
  times:
    'a: timestamp().defaultNow(), b: timestamp().defaultNow().onUpdateNow(), c: datetime().default(new Date(0)), d: timestamp({ mode: "string" }).default("2024-01-01 00:00:00"), e: date().default(new Date(0)), f: time().default("12:00:00"), g: timestamp({ fsp: 3 }).default(sql`CURRENT_TIMESTAMP(3)`), h: timestamp({ fsp: 6 }).notNull().default(new Date(1700000000123))',
  'SQL expressions': `a: ${V}.default(sql\`(uuid())\`), b: int().default(sql\`(1 + 2)\`), c: datetime().default(sql\`(now() + interval 1 day)\`), d: text().default(sql\`('x;y')\`), e: binary({ length: 16 }).default(sql\`(uuid_to_bin(uuid()))\`)`,
  documents: String.raw`a: json().default({ a: [1, { b: null }], c: "it's", d: "x\"y", e: "l\nm", f: "a;b--c" }), b: json().default(["it's", 1, true]), c: json().default({}), d: json().default(sql${'`'}('[]')${'`'})`,
};

export const DEFAULT_VALUES: readonly Transition[] = [
  from(
    'a table with defaults of many kinds',
    undefined,
    things(
      `a: ${V}.default("it's; -- x"), b: int().default(3), c: timestamp().defaultNow().onUpdateNow(), d: json().default({ a: 1 }), e: ${V}.default(sql\`(uuid())\`)`,
    ),
  ),
  ...Object.entries(DEFAULTS).map(([name, columns]) =>
    alter(`add ${name} as default`, '', columns),
  ),
  alter('set a default', `a: ${V}, b: int()`, `a: ${V}.default("x"), b: int().default(1)`),
  alter(
    'set a string with quotes, semicolons and dashes',
    `a: ${V}`,
    `a: ${V}.default("it's; -- x")`,
  ),
  alter(
    'drop a default',
    `a: ${V}.default("x"), b: timestamp().defaultNow()`,
    `a: ${V}, b: timestamp()`,
  ),
  alter(
    'another default',
    `a: ${V}.default("x"), b: json().default({ a: 1 })`,
    String.raw`a: ${V}.default("y\\z\n"), b: json().default({ a: "it's" })`,
  ),
  alter(
    'a literal becomes an expression',
    'a: timestamp().default(new Date(0))',
    'a: timestamp().default(sql`(now())`)',
  ),
  alter('begin to update by itself', 'a: timestamp()', 'a: timestamp().onUpdateNow()'),
  alter(
    'stop to update by itself',
    'a: timestamp().defaultNow().onUpdateNow()',
    'a: timestamp().defaultNow()',
  ),
];

import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

/** Name -> a column with its default, as TypeScript. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'a string': 'a: text().notNull().default("x")',
  'an empty string': 'a: text().default("")',
  'a string with quotes': `a: text().default("it's \\"quoted\\" and \`ticked\`")`,
  'a string with backslashes': String.raw`a: text().default("C:\\temp\\n 100\\%")`,
  'a string with line breaks': String.raw`a: text().default("one\ntwo\r\n\tthree")`,
  'a string with what looks like the end of a statement': `a: text().default("a; DROP TABLE b; -- no /* more */ $$")`,
  'a string with a breakpoint in it': String.raw`a: text().default("x;--> statement-breakpoint\ny")`,
  'a string of other letters': 'a: text().default("naïve 日本 🚀")',
  numbers:
    'a: integer().default(0), b: integer().default(-1), c: numeric().default("0.10"), d: real().default(1.5), e: doublePrecision().default(1e21), f: bigint({ mode: "bigint" }).default(sql`9007199254740993`), g: bigint({ mode: "number" }).default(5)',
  booleans: 'a: boolean().default(true), b: boolean().notNull().default(false)',
  times:
    'a: timestamp().defaultNow(), b: timestamp().default(new Date(0)), c: timestamp({ mode: "string" }).default("2024-01-01 00:00:00"), d: date().defaultNow(), e: date({ mode: "date" }).default(new Date(0)), f: time().default("12:00"), g: interval().default("1 day"), h: timestamp({ withTimezone: true, precision: 3 }).default(new Date(1700000000123))',
  'SQL expressions': `a: timestamp().default(sql\`now() + interval '1 day'\`), b: uuid().default(sql\`gen_random_uuid()\`), c: uuid().defaultRandom(), d: integer().default(sql\`(1 + 2) * 3\`), e: text().default(sql\`'x'::text\`), f: text().default(sql\`CURRENT_USER\`), g: text().default(sql.raw("concat('a;', 'b')"))`,
  'empty documents':
    "a: jsonb().default({}), b: json().default([]), c: jsonb().default(sql`'{}'::jsonb`)",
  documents: String.raw`a: jsonb().default({ a: [1, { b: null }], c: "it's", d: "x\"y", e: "l\nm", f: "a;b--c" }), b: json().default(["it's", 1, true])`,
  'an empty array':
    "a: text().array().default([]), b: integer().array().default(sql`'{}'::int[]`), c: text().array().notNull().default(sql`ARRAY[]::text[]`)",
  arrays: `a: text().array().default(["x", "it's", 'say "y"', "a,b", "c;d"]), b: integer().array().default([1, 2]), c: integer().array().array().default([[1], [2]]), d: boolean().array().default([true]), e: timestamp().array().default([new Date(0)]), f: jsonb().array().default([{ a: 1 }])`,
  'places and vectors':
    'a: point().default([1, 2]), b: point({ mode: "xy" }).default({ x: 1, y: 2 }), c: vector({ dimensions: 2 }).default([1, 2]), d: line().default([1, 2, 3])',
};

export const DEFAULT_VALUES: readonly Transition[] = [
  from(
    'a table with defaults of every kind',
    undefined,
    things(
      Object.entries(DEFAULTS)
        .map(([name, columns]) =>
          columns.replaceAll(
            /(^|, )([a-i])(?=: )/g,
            (_, lead: string, letter: string) => `${lead}${name.replaceAll(/\W/g, '_')}_${letter}`,
          ),
        )
        .join(', '),
    ),
  ),
  ...Object.entries(DEFAULTS).map(([name, columns]) =>
    alter(`add ${name} as default`, '', columns),
  ),
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
    'a: text().default("x"), b: timestamp().defaultNow()',
    'a: text(), b: timestamp()',
  ),
  alter(
    'another default',
    'a: text().default("x"), b: jsonb().default({ a: 1 }), c: text().array().default(["x"])',
    String.raw`a: text().default("y\\z\n"), b: jsonb().default({ a: "it's" }), c: text().array().default(["y", "z"])`,
  ),
  alter(
    'a literal becomes an expression',
    'a: timestamp().default(new Date(0)), b: uuid()',
    'a: timestamp().default(sql`now()`), b: uuid().default(sql`gen_random_uuid()`)',
  ),
  alter(
    'the same default, said otherwise',
    'a: text().default("x")',
    `a: text().default(sql\`'x'\`)`,
    { noop: true },
  ),
  alter('a number as an expression', 'b: integer().default(1)', 'b: integer().default(sql`1`)'),
];

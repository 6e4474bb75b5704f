import type { Layout } from './module-layouts.ts';

const HEAD = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n`;
const schema = (line: string): string =>
  `${HEAD}${line}\nexport const table = sqliteTable(TABLE, { it: text(column) });\n`;

/** Ways to write and lay out modules that drizzle-kit 1.x loads in another way than 0.31. */
export const LAYOUTS_1: Readonly<Record<string, Layout>> = {
  'an installed package for import alone': {
    files: { 'schema.ts': schema(`import { column } from 'import-only';`) },
    column: 'it',
  },
  'an installed module that imports one': {
    files: { 'schema.ts': schema(`import { column } from 'uses-import-only';`) },
    column: 'it',
  },
  'what import.meta has': {
    files: {
      'schema.ts': schema(
        `import { basename, relative } from 'node:path';\nconst column = basename(import.meta.filename) + relative(import.meta.dirname, import.meta.filename);`,
      ),
    },
    column: 'schema.tsschema.ts',
  },
  'top-level await': {
    files: {
      'schema.ts': schema(
        `import { promised as value } from './c';\nconst { column } = await value;`,
      ),
      'c.ts': `export const promised: Promise<{ column: string }> = Promise.resolve({ column: 'it' });\n`,
    },
    column: 'it',
  },
  'top-level await in what it imports, and in what that imports': {
    files: {
      'schema.ts': `import './f';
export * from './a';
export { column } from './d';
`,
      'a.ts': schema(
        `import b, { first, type Name } from './b';
import * as all from './b';
const column: Name = first + b + Object.keys(all).sort().join('');`,
      ),
      'b.ts': `import { c } from './c.mjs';
export type Name = string;
export let first: Name = '1';
export default await Promise.resolve(c + '2');
`,
      'c.mts': `const { d } = await import('./d');
export const c: string = await d;
`,
      'd.ts': `export const d = Promise.resolve('3');
export const column = 1;
`,
      'e.ts': `throw new Error(await Promise.resolve('never imported'));
`,
      'f.ts': `export const later = () => import('./e');
`,
    },
    column: '132defaultfirst',
  },
  'top-level await beside every kind of export': {
    files: {
      'schema.ts': `${HEAD}export * from './a';
export * as all from './a';
export { a as renamed, default as other } from './a';
const column: string = await Promise.resolve('column');
export let [first, { second = 1, ...rest }] = [1, { third: 1 } as { second?: number; third: number }];
export function three() {}
export class Four {}
const five = 5;
export { five as 'a five' };
const names = Object.keys(await import('./a')).sort().join('_');
export default function six() {}
export const table = sqliteTable(TABLE, { it: text(names + column + first + second + rest.third) });
`,
      'a.ts': `export const a = 1;\nexport default { b: 2 };\n`,
    },
    column: 'a_defaultcolumn111',
  },
  'what a cycle of imports reads before it is made': {
    files: {
      'schema.ts': schema(
        `import { seen } from './b';\nexport const a = 'a';\nexport const shared = { id: text('id') };\nexport class C {}\nexport function f() {}\nconst column = seen + a;`,
      ),
      'b.ts': `import { a, C, f, shared } from './schema';\nimport * as all from './schema';\nexport const seen = [a, typeof C, typeof f, Object.keys({ ...shared }).length, all.a].join('_');\n`,
    },
    column: '_undefined_function_0_a',
  },
  'a barrel that hands on one thing twice, and one name beside its own': {
    files: {
      'schema.ts': `export * from './a';\nexport * from './b';\nexport const own = 2;\n`,
      'a.ts': `export * from './table';\nexport const own = 1;\n`,
      'b.ts': `export * from './table';\nexport default 1;\n`,
      'table.ts': schema(`const column = 'it';`),
    },
    column: 'it',
  },
  'a barrel that hands on one name twice': {
    files: {
      'schema.ts': `export * from './a';\nexport * from './b';\n`,
      'a.ts': schema(`const column = 'a';`),
      'b.ts': schema(`const column = 'b';`),
    },
    message: /^the schema throws TypeError: Cannot redefine property: table$/,
  },
};

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
  'import() of what awaits, and of what imports it': {
    files: {
      'schema.ts': schema(
        `const { a } = await import('./a');\nconst c = await import('./c').then((all) => all.default + all.b);\nconst get = async () => (await import('./d')).d;\nconst column = a + c + (await get());`,
      ),
      'a.ts': `export const a = await Promise.resolve('a');\n`,
      'b.ts': `import { a } from './a';\nexport const b = await Promise.resolve(a + 'b');\n`,
      'c.ts': `export * from './b';\nexport default 'c';\n`,
      'd.ts': `const { b } = await import('./b');\nexport const d = b + 'd';\n`,
    },
    column: 'acababd',
  },
  'import() that is never reached, and one that nothing waits for': {
    files: {
      'schema.ts': schema(
        `const column = process.argv.length === 0 ? (await import('./a')).column : 'it';\nvoid import('./b').catch(() => 0);`,
      ),
      'a.ts': `throw new Error(await Promise.resolve('never'));\nexport const column = '';\n`,
      'b.ts': `await Promise.resolve();\nthrow new Error('nobody waits');\nexport {};\n`,
    },
    column: 'it',
  },
  'what an import() runs, and when': {
    files: {
      'schema.ts': schema(
        `const seen: string[] = ((globalThis as { seen?: string[] }).seen = ['1']);\nconst running = import('./a');\nseen.push('2');\nawait running;\nconst column = seen.join('');`,
      ),
      'a.ts': `import './b';\nconst { seen } = globalThis as unknown as { seen: string[] };\nseen.push('4');\nawait Promise.resolve();\nseen.push('5');\n`,
      'b.ts': `(globalThis as unknown as { seen: string[] }).seen.push('3');\n`,
    },
    column: '12345',
  },
  'what is imported before a module that awaits': {
    files: {
      'schema.ts': schema(`import './first';\nimport { column } from './a';`),
      'first.ts': `process.env.BEFORE_IT = 'it';\n`,
      'a.ts': `export const column = await Promise.resolve(process.env.BEFORE_IT ?? 'too early');\n`,
    },
    column: 'it',
  },
  'a cycle of modules that await': {
    files: {
      'schema.ts': schema(
        `import { b } from './b';\nimport { seen } from './c';\nexport const me = await Promise.resolve('me');\nconst column = b + seen();`,
      ),
      'a.ts': `import { b } from './b';\nexport const a = (await Promise.resolve('a')) + b;\n`,
      'b.ts': `import { a } from './a';\nexport const b = await Promise.resolve('b' + typeof a);\n`,
      'c.ts': `import { me } from './schema';\nexport const seen = () => String(me);\n`,
    },
    column: 'bstringme',
  },
  'installed packages that await': {
    files: {
      'schema.ts': schema(
        `import { column as one } from 'awaits';\nimport { column as two } from 'uses-awaits';\nimport * as all from 'awaits-for-import-alone';\nconst three = await import('awaits-for-import-alone');\nconst column = [one, two, all.column, three.default].join('_');`,
      ),
    },
    column: 'it_it_deep_deep',
  },
  'a default that is not made yet, in a cycle': {
    files: {
      'schema.ts': schema(
        `import { seen, later } from './b';\nimport { early } from './d';\nexport default { a: 'a' };\nexport const named = 'n';\nconst column = [seen, later(), early].join('_');`,
      ),
      'b.ts': `import whole, { named } from './schema';\nimport * as all from './schema';\nexport const seen = [typeof whole, whole.a, named, typeof all.default].join();\nexport const later = () => [whole.named, whole.a].join();\n`,
      'd.ts': `import f from './e';\nexport default function me() { return 'me'; }\nexport const early = f;\n`,
      'e.ts': `import me from './d';\nexport default me() + 'e';\n`,
    },
    column: 'object,,,object_n,_mee',
  },
  'a name that only the default has': {
    files: {
      'schema.ts': schema(
        `import { a, get } from './a';\nimport * as all from './a';\nimport called from './c';\nimport whole from './d';\nconst column = [a, get(), Object.keys(all), called(), typeof whole].join('_');`,
      ),
      'a.ts': `class Made { a = 'a'; get() { return this.a + 'g'; } }\nexport default new Made();\n`,
      'c.ts': `const called = () => 'outer';\ncalled.default = () => 'inner';\nexport default called;\n`,
      'd.ts': `export const d = 1;\n`,
    },
    column: 'a_ag_default_inner_object',
  },
  'the default of a CommonJS module': {
    files: {
      'schema.ts': schema(
        `import whole from 'interop';\nimport made from './a.cjs';\nconst column = [typeof whole.column, whole.default.column, typeof made].join('_');`,
      ),
      'a.cjs': `Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = () => 1;\n`,
    },
    column: 'undefined_default_function',
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
  'a CommonJS package that requires one that awaits': {
    files: { 'schema.ts': schema(`import { column } from 'requires-awaits';`) },
    message: /top-level await/,
  },
  'a default that is null': {
    files: {
      'schema.ts': schema(`import nothing from './a';\nconst column = String(nothing);`),
      'a.ts': `export default null;\n`,
    },
    message: /^the schema throws TypeError: Reflect.get called on non-object$/,
  },
};

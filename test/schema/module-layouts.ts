import type { Files } from '../support/drizzle-project.ts';

/** Ways to write and lay out modules, each as measured with drizzle-kit 0.31.11 on node 20. */

const HEAD = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n`;
/** A schema of one table, named after its folder, with one column that the line gives a name. */
const schema = (line: string, column = 'column'): string =>
  `${HEAD}${line}\nexport const table = sqliteTable(TABLE, { it: text(${column}) });\n`;
const SQL = `const { sqliteTable, text } = require('drizzle-orm/sqlite-core');\n`;
const it = (value = 'it'): string => `export const column = '${value}';\n`;

export interface Layout {
  /** Below a folder of its own; `TABLE` stands for the name of its table. */
  readonly files: Files;
  /** The column that drizzle-kit sees; undefined where it cannot load the files. */
  readonly column?: string;
  /** What the guard then says. */
  readonly message?: RegExp;
}

/** Installed packages. */
export const INSTALLED: Files = {
  ...installed(
    'bare',
    { type: 'module', main: './d/index.js' },
    {
      'd/index.js': `export * from './c';\nimport data from './data.json';\nexport const { more } = data;\n`,
      'd/c.js': `export { column } from './folder';\n`,
      'd/folder/index.js': it('bare'),
      'd/data.json': '{"more":"json"}',
    },
  ),
  ...installed(
    'untyped',
    { module: './m.js' },
    {
      'm.js': `export * from './c';\n`,
      'c.js': it('untyped'),
    },
  ),
  ...installed(
    'twice',
    { type: 'module', main: './m.mjs' },
    {
      'm.mjs': `export * from './a.js';\nexport * from './b.js';\nimport { gone } from './b.js';\n`,
      'a.js': it('a'),
      'b.js': it('b'),
    },
  ),
  ...installed(
    'dual',
    { type: 'module', exports: { import: './i.js', default: './r.cjs' } },
    {
      'i.js': it('import'),
      'r.cjs': `exports.column = 'require';\n`,
    },
  ),
  ...installed(
    'uses-dual',
    { type: 'module', main: './m.js' },
    {
      'm.js': `export { column } from 'dual';\n`,
    },
  ),
  ...installed(
    'cjs-inside',
    { type: 'module', main: './m.js' },
    {
      'm.js': `module.exports = { column: 'inside' };\n`,
    },
  ),
  ...installed(
    'requires-module',
    { main: './m.js' },
    {
      'm.js': `exports.column = require('bare').column;\n`,
    },
  ),
  ...installed(
    'typescript',
    { main: './src/index.ts' },
    {
      'src/index.ts': `export { column } from './c.js';\nexport type X = string;\n`,
      'src/c.ts': it('typescript'),
    },
  ),
  ...installed(
    'interop',
    { main: './m.js' },
    {
      'm.js': `Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = { column: 'default' };\n`,
    },
  ),
  ...installed(
    'import-only',
    { type: 'module', exports: { import: './i.js' } },
    {
      'i.js': it(),
    },
  ),
  ...installed(
    'uses-import-only',
    { type: 'module', main: './m.js' },
    {
      'm.js': `export { column } from 'import-only';\n`,
    },
  ),
  ...installed('awaits', { type: 'module', main: './m.js' }, { 'm.js': `await 1;\n${it()}` }),
  ...installed(
    'awaits-for-import-alone',
    { type: 'module', exports: { import: './m.js' } },
    {
      'm.js': `export { column, column as default } from './deep.js';\n`,
      'deep.js': `export const column = await Promise.resolve('deep');\n`,
    },
  ),
  ...installed(
    'uses-awaits',
    { type: 'module', main: './m.js' },
    { 'm.js': `export { column } from 'awaits';\n` },
  ),
  ...installed(
    'requires-awaits',
    { main: './m.js' },
    { 'm.js': `exports.column = require('awaits').column;\n` },
  ),
};

function installed(name: string, manifest: object, files: Files): Files {
  const all = { ...files, 'package.json': JSON.stringify({ name, version: '1.0.0', ...manifest }) };
  return Object.fromEntries(
    Object.entries(all).map(([path, text]) => [`node_modules/${name}/${path}`, text]),
  );
}

export const LAYOUTS: Readonly<Record<string, Layout>> = {
  'a barrel that hands on one name twice': {
    files: {
      'schema.ts': `export * from './a';\nexport * from './b';\n`,
      'a.ts': schema('', `'a'`),
      'b.ts': schema('', `'b'`),
    },
    column: 'a',
  },
  'a missing name, used or not, in JavaScript and TypeScript': {
    files: {
      'schema.js': schema(
        `import { column, nothing } from './c.js';\nexport { nothing as none } from './t.ts';`,
      ),
      'c.js': `${it()}import other from './t.ts';\nexport { other };\n`,
      't.ts': `import { column, nothing } from './c.js';\nexport const more = () => column ?? nothing;\n`,
    },
    column: 'it',
  },
  'a cycle of imports, half made': {
    files: {
      'schema.ts': schema(`import { names } from './index';\nconst column = names();`),
      'index.ts': `export * from './z';\nexport * from './k';\n`,
      'k.ts': `import * as all from './index';\nexport const names = () => Object.keys(all).sort().join('_');\n`,
      'z.ts': `export const zed = 1;\n`,
    },
    column: 'zed',
  },
  'tables that refer to each other through a barrel': {
    files: {
      'schema.ts': `export * from './a';\nexport * from './b';\n`,
      'a.ts': `import { b } from './schema';\n${schema('', `'it'`).replace(`text('it')`, `text('it').references(() => b.id)`)}`,
      'b.ts': `${HEAD}import { table } from './schema';\nexport const b = sqliteTable(TABLE + '_b', { id: text('id').primaryKey(), it: text('it').references(() => table.it) });\n`,
    },
    column: 'it',
  },
  'an export that changes': {
    files: {
      'schema.ts': schema(`import { column, set } from './c';\nset();`),
      'c.ts': `export let column = 'a';\nexport const set = () => { column = 'b'; };\n`,
    },
    column: 'b',
  },
  'CommonJS and ES modules in one file': {
    files: {
      'schema.ts': `${SQL}export {};\nmodule.exports = { t: sqliteTable(TABLE, { it: text('it') }) };\n`,
    },
    column: 'it',
  },
  'CommonJS in a package of modules': {
    files: {
      'schema.js': `${SQL}exports.t = sqliteTable(TABLE, { it: text('this_' + (this === exports)) });\n`,
    },
    column: 'this_true',
  },
  'export = and import = require, enums, namespaces': {
    files: {
      'schema.ts': schema(
        `import c = require('./c');\nimport { A, B, N } from './e';\nconst column = c.column + A.X + B.Y + N.z;`,
      ),
      'c.ts': `export = { column: 'it' };\n`,
      'e.ts': `export const enum A { X = 'x' }\nexport enum B { Y = 'y' }\nexport namespace N { export const z = 'z'; }\n`,
    },
    column: 'itxyz',
  },
  'a computed require': {
    files: {
      'schema.ts': schema(`const name = ['./c'].join();\nconst { column } = require(name);`),
      'c.ts': it(),
    },
    column: 'it',
  },
  'a require of each file of a folder': {
    files: {
      'schema.ts': `import { readdirSync } from 'node:fs';\nimport { join } from 'node:path';\nfor (const name of readdirSync(join(__dirname, 'tables'))) Object.assign(module.exports, require(join(__dirname, 'tables', name)));\n`,
      'tables/a.ts': schema('', `'a'`),
    },
    column: 'a',
  },
  'require.resolve, and a require that is made': {
    files: {
      'schema.ts': schema(
        `import { createRequire } from 'node:module';\nimport { basename } from 'node:path';\nconst made = createRequire(import.meta.url);\nconst column = basename(require.resolve('./c')) + made('./c').column;`,
      ),
      'c.ts': it(),
    },
    column: 'c.tsit',
  },
  'a required URL, and one with a query': {
    files: {
      'schema.ts': schema(
        `import { column as a } from './c?x';\nconst { column: b } = require(new URL('./c.ts', import.meta.url).href);\nconst column = a + b;`,
      ),
      'c.ts': it(),
    },
    column: 'itit',
  },
  'what import.meta does not have': {
    files: { 'schema.ts': schema(`const column = String(import.meta.dirname);`) },
    column: 'undefined',
  },
  'JSON, and its parts': {
    files: {
      'schema.ts': schema(
        `import data, { column as one } from './data';\nimport * as all from './data.json';\nimport esm from './esm.json';\nconst column = [one, data.column, ...Object.keys(all), String(esm)].join('_');`,
      ),
      'data.json': '\uFEFF{"column":"j"}',
      'esm.json': '{"__esModule":true,"default":"d"}',
    },
    column: 'j_j_default_column_d',
  },
  'a file that is code by its text alone': {
    files: {
      'schema.ts': schema(`import { column } from './c.txt';\nimport './plain';`),
      'c.txt': `exports.column = 'it';\n`,
      plain: '',
    },
    column: 'it',
  },
  'the default of CommonJS in an .mts': {
    files: {
      'schema.ts': `export * from './m.mjs';\n`,
      'm.mts': schema(
        `import d from 'interop';\nconst { column } = d as unknown as { column: string };`,
      ),
    },
    column: 'default',
  },
  'a require that may fail': {
    files: {
      'schema.ts': schema(
        `let column = 'none';\ntry { ({ column } = require('./gone')); } catch (error) { column = error.code; }`,
      ),
    },
    column: 'MODULE_NOT_FOUND',
  },
  ...Object.fromEntries(
    [
      ['bare', 'bare'],
      ['untyped/m.js', 'untyped'],
      ['twice', 'a'],
      ['uses-dual', 'require'],
      ['cjs-inside', 'inside'],
      ['requires-module', 'bare'],
      ['typescript', 'typescript'],
    ].map(([name, column]) => [
      `the installed ${name}`,
      { files: { 'schema.ts': schema(`import { column } from '${name}';`) }, column: column! },
    ]),
  ),
  'what an installed ES module is to require': {
    files: { 'schema.ts': schema(`const column = Object.keys(require('bare')).sort().join('_');`) },
    column: 'column_more',
  },

  'a constant of a cycle before it is there': {
    files: {
      'schema.ts': `${HEAD}import { column } from './c';\nexport const first = 'x';\nexport const t = sqliteTable(TABLE, { it: text(column) });\n`,
      'c.ts': `import { first } from './schema';\nexport const column = first;\n`,
    },
    message: /Cannot access 'first' before initialization/,
  },
  'top-level await': {
    files: {
      'schema.ts': schema(`import { column } from './c';`),
      'c.ts': `export const column = await Promise.resolve('it');\n`,
    },
    message: /^top-level await, which drizzle-kit before 1\.0 cannot load/,
  },
  'a path from import.meta.dirname': {
    files: {
      'schema.ts': schema(
        `import { join } from 'node:path';\nconst column = join(import.meta.dirname, 'x');`,
      ),
    },
    message: /must be of type string\. Received undefined/,
  },
  'JSON with a comment': {
    files: {
      'schema.ts': schema(`import data from './data.json';\nconst { column } = data;`),
      'data.json': '{ "column": "it" /* x */ }',
    },
    message: /data\.json, which is not JSON: /,
  },
  'a missing import that only JavaScript keeps': {
    files: { 'schema.js': schema(`import { x } from './gone.js';\nconst column = 'it';`) },
    message: /imports "\.\/gone\.js", which does not exist/,
  },
  'an installed package for import alone': {
    files: { 'schema.ts': schema(`import { column } from 'import-only';`) },
    message: /node_modules\/import-only\/package\.json does not export for require/,
  },
  'an installed module that imports one': {
    files: { 'schema.ts': schema(`import { column } from 'uses-import-only';`) },
    message: /No "exports" main defined/,
  },
  'an installed module that awaits': {
    files: { 'schema.ts': schema(`import { column } from 'awaits';`) },
    message: /^top-level await, which drizzle-kit before 1\.0 cannot load/,
  },
};

/** A layout's files below a folder, and the name of the schema among them. */
export function placed(
  { files }: Layout,
  folder: string,
  table: string,
): { readonly files: Files; readonly schema: string } {
  const entries = Object.entries(files).map(
    ([path, text]) => [`${folder}/${path}`, text.replaceAll('TABLE', `'${table}'`)] as const,
  );
  return {
    files: Object.fromEntries(entries),
    schema: entries.map(([path]) => path).find((path) => path.includes('/schema.'))!,
  };
}

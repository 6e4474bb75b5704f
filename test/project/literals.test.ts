import { describe, expect, test } from 'vitest';
import { readLiterals } from '../../src/project/config/literals.ts';

/** What each shape of config, as met in public projects, says by its text alone. */
const READ: Record<string, { file?: string; text: string; value: Record<string, unknown> }> = {
  'defineConfig with a credential asserted not to be null': {
    text: `import { defineConfig } from 'drizzle-kit';
export default defineConfig({ out: './drizzle', schema: './src/db/schema.ts', dialect: 'postgresql', dbCredentials: { url: process.env.DATABASE_URL! } });`,
    value: { out: './drizzle', schema: './src/db/schema.ts', dialect: 'postgresql' },
  },
  'satisfies Config, with an environment that throws': {
    text: `import 'dotenv/config';
import type { Config } from 'drizzle-kit';
if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');
export default { schema: './db/schema.ts', out: './db/migrations', dialect: 'mysql', verbose: true, strict: true } satisfies Config;`,
    value: { schema: './db/schema.ts', out: './db/migrations', dialect: 'mysql' },
  },
  'as Config': {
    text: `export default { dialect: 'sqlite', schema: ['a.ts', 'b.ts'] } as Config;`,
    value: { dialect: 'sqlite', schema: ['a.ts', 'b.ts'] },
  },
  'defineConfig and satisfies together': {
    text: `import type { Config } from 'drizzle-kit';
import { defineConfig } from 'drizzle-kit';
import config from './src/config/config';
export default defineConfig({ schema: 's.ts', dialect: 'postgresql', dbCredentials: { url: config.DB_URL! }, migrations: { prefix: 'timestamp', table: '__m', schema: 'public' } }) satisfies Config;`,
    value: {
      schema: 's.ts',
      dialect: 'postgresql',
      migrations: { prefix: 'timestamp', table: '__m', schema: 'public' },
    },
  },
  'a typed constant': {
    text: `import type { Config } from 'drizzle-kit';
const config: Config = { dialect: 'turso', schema: 'src/schema', casing: 'snake_case', breakpoints: false };
export default config;`,
    value: { dialect: 'turso', schema: 'src/schema', casing: 'snake_case', breakpoints: false },
  },
  'a constant through defineConfig': {
    text: `import { defineConfig as define } from 'drizzle-kit'
const cfg = define({ dialect: 'sqlite', driver: 'd1-http', schema: './s.ts' })
export { cfg as default }`,
    value: { dialect: 'sqlite', driver: 'd1-http', schema: './s.ts' },
  },
  'a template over a constant': {
    text: `const schemaPath = './dist/db/schema';
console.log(schemaPath);
export default { dialect: 'postgresql', schema: [\`\${schemaPath}/post.schema.js\`], out: schemaPath + '/../out' };`,
    value: {
      dialect: 'postgresql',
      schema: ['./dist/db/schema/post.schema.js'],
      out: './dist/db/schema/../out',
    },
  },
  'paths kept in a constant object': {
    text: `const paths = { schema: './a.ts', out: './o' } as const;
const dialect = 'mysql' as const;
export default { dialect, schema: paths.schema, out: paths.out };`,
    value: { dialect: 'mysql', schema: './a.ts', out: './o' },
  },
  'a spread of a constant, overridden': {
    text: `const shared = { dialect: 'sqlite', out: './a', extra: 1 };
export default { ...shared, schema: ['x.ts', ...['y.ts']], 'out': './b' };`,
    value: { dialect: 'sqlite', out: './b', schema: ['x.ts', 'y.ts'] },
  },
  'a conditional spread that can only bring credentials': {
    text: `export default { dialect: 'sqlite', schema: 's.ts', ...(process.env.CI ? { dbCredentials: { url: 'x' } } : {}), ...(process.env.V && { verbose: true }) };`,
    value: { dialect: 'sqlite', schema: 's.ts' },
  },
  CommonJS: {
    file: 'drizzle.config.js',
    text: `const { defineConfig } = require('drizzle-kit');
require('dotenv').config();
module.exports = defineConfig({ dialect: 'mysql', schema: './schema/*.js', out: './drizzle/migrations', dbCredentials: { host: process.env.DB_HOST } });`,
    value: { dialect: 'mysql', schema: './schema/*.js', out: './drizzle/migrations' },
  },
  'CommonJS with a default': {
    file: 'a.cjs',
    text: `module.exports = { default: { dialect: 'sqlite', schema: 's' } }`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'exports.default': {
    file: 'a.cjs',
    text: `'use strict'; exports.default = { dialect: 'sqlite', schema: 's' }`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'export =': {
    file: 'a.cts',
    text: `export = { dialect: 'sqlite', schema: 's' };`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'JSON, without its credentials': {
    file: 'drizzle.config.json',
    text: `{ "dialect": "postgresql", "schema": "./s.ts", "dbCredentials": { "url": "postgres://u:p@h/d" } }`,
    value: { dialect: 'postgresql', schema: './s.ts' },
  },
  'a hash-bang': {
    file: 'a.mjs',
    text: `#!/usr/bin/env node\nexport default { dialect: 'sqlite', schema: 's' }`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'Windows line ends after a byte order mark': {
    text: `\uFEFFexport default {\r\n  dialect: 'sqlite',\r\n  schema: 's',\r\n}`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'an old one': {
    text: `export default { schema: './s.ts', driver: 'pg', dbCredentials: { connectionString: env.X } }`,
    value: { schema: './s.ts', driver: 'pg' },
  },
};

describe('a config that is literal', () => {
  test.each(Object.entries(READ))('%s', async (_, { file, text, value }) => {
    expect(await readLiterals(text, file ?? 'drizzle.config.ts')).toEqual({
      status: 'literal',
      value,
    });
  });
});

const COMPUTED: Record<string, { text: string; why: string }> = {
  'resolve(__dirname, ...)': {
    text: `import { resolve } from 'node:path'; export default { dialect: 'postgresql', schema: resolve(__dirname, './src/schema.ts') };`,
    why: '`schema` is computed: resolve(__dirname, "./src/schema.ts")',
  },
  'an environment variable with a fallback': {
    text: `export default { dialect: 'postgresql', schema: 's.ts', out: process.env.OUT ?? './drizzle' };`,
    why: '`out` is computed: process.env.OUT ?? "./drizzle"',
  },
  'two configs to choose from': {
    text: `import { defineConfig } from 'drizzle-kit';
const url = process.env.TURSO;
export default url ? defineConfig({ dialect: 'turso', schema: 's' }) : defineConfig({ dialect: 'sqlite', schema: 's' });`,
    why: 'url ? defineConfig({ dialect: "turso", schema: "s" }) : d...',
  },
  'a conditional spread with a driver': {
    text: `export default { dialect: 'sqlite', schema: 's', ...(process.env.P ? { driver: 'd1-http' } : {}) };`,
    why: '...process.env.P ? { driver: "d1-http" } : {} may hold any key',
  },
  'a spread of an import': {
    text: `import base from './base'; export default { ...base, schema: 's' };`,
    why: '...base may hold any key',
  },
  'an imported path': {
    text: `import { schema } from './paths'; export default { dialect: 'sqlite', schema };`,
    why: '`schema` is computed: `schema` is not a constant of this file',
  },
  'a variable that may be assigned': {
    text: `let out = 'a'; out = 'b'; export default { dialect: 'sqlite', schema: 's', out };`,
    why: '`out` is computed: `out` is not a constant of this file',
  },
  'a constant object that is written to': {
    text: `const config = { dialect: 'sqlite', schema: 's', out: 'a' }; if (process.env.CI) config.out = 'b'; export default config;`,
    why: '`config` is used in a way that may change it',
  },
  'a constant array that is pushed to': {
    text: `const schema = ['a.ts']; schema.push('b.ts'); export default { dialect: 'sqlite', schema };`,
    why: '`schema` is computed: `schema` is used in a way that may change it',
  },
  'a defineConfig of their own': {
    text: `import { defineConfig } from './my-config'; export default defineConfig({ dialect: 'sqlite', schema: 's' });`,
    why: 'defineConfig({ dialect: "sqlite", schema: "s" })',
  },
  'constants that refer to each other': {
    text: `const a = { x: b }; const b = { y: a }; export default { dialect: 'sqlite', schema: a };`,
    why: '`schema` is computed: it is nested too deeply',
  },
  'a computed key': {
    text: `export default { [key]: 's', dialect: 'sqlite' };`,
    why: 'a computed key, [key]: "s"',
  },
  'a function': {
    text: `export default function config() {}`,
    why: 'the default export is not an object',
  },
  'a default from elsewhere': {
    text: `export { default } from './other';`,
    why: 'the default export comes from another file',
  },
  'named exports only': {
    text: `export const dialect = 'sqlite'; export const schema = 's';`,
    why: 'it has no default export',
  },
  'exports in two places': {
    text: `module.exports = { dialect: 'sqlite' }; module.exports.schema = 's';`,
    why: 'it exports in more than one place',
  },
};

describe('a config that only running it would tell', () => {
  test.each(Object.entries(COMPUTED))('%s', async (_, { text, why }) => {
    expect(await readLiterals(text, 'drizzle.config.ts')).toEqual({ status: 'computed', why });
  });
});

describe('a text that is no config', () => {
  test('a syntax error has its line', async () => {
    const broken = await readLiterals(
      `export default {\n  dialect: 'sqlite',\n  schema: : 's',\n};`,
      'drizzle.config.ts',
    );
    expect(broken).toEqual({ status: 'broken', message: 'Unexpected ":"', line: 3 });
    expect(
      await readLiterals(`export default {\n  schema: : 's' }`, 'drizzle.config.js'),
    ).toMatchObject({ status: 'broken', line: 2 });
    expect(await readLiterals('{ "dialect": ', 'drizzle.config.json')).toMatchObject({
      status: 'broken',
      message: expect.stringMatching(/^not JSON: /),
    });
  });
  test('a template with its placeholders does not crash', async () => {
    expect(
      await readLiterals(
        `export default { dialect: '{{dialect}}', schema: <%= schema %> };`,
        'drizzle.config.ts',
      ),
    ).toMatchObject({ status: 'broken' });
  });
  test('conflict markers', async () => {
    expect(
      await readLiterals(`<<<<<<< HEAD\nexport default {}\n=======\n`, 'drizzle.config.ts'),
    ).toMatchObject({ status: 'broken', line: 1 });
  });
  test('an array is what drizzle-kit refuses too', async () => {
    expect(await readLiterals(`export default [{ dialect: 'sqlite' }]`, 'a.ts')).toEqual({
      status: 'broken',
      message: 'the config is an array; drizzle-kit takes one object',
    });
  });
  test('nothing exported', async () => {
    expect(
      await readLiterals(
        `import { test } from 'vitest'; test('x', () => {});`,
        'drizzle.config.test.ts',
      ),
    ).toEqual({ status: 'none' });
    expect(await readLiterals('', 'drizzle.config.ts')).toEqual({ status: 'none' });
  });
});

test('every key may be asked for', async () => {
  const text = `export default { projects: ['a'], timeoutSeconds: -1, on: true, none: null }`;
  expect(await readLiterals(text, 'guard.config.js', 'all')).toMatchObject({ status: 'computed' });
  expect(await readLiterals(text.replace('-1', '5'), 'guard.config.js', 'all')).toEqual({
    status: 'literal',
    value: { projects: ['a'], timeoutSeconds: 5, on: true, none: null },
  });
});

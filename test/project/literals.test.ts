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
  'every form of an assertion': {
    text: `const out: string = './d';
export default { dialect: 'sqlite' as const, schema: <string>('./s.ts' as unknown as string)!, out: out!, dbCredentials: { url: (process.env['URL'] as string)!, port: Number(process.env.PORT!) } } satisfies import1.Config<'a' | 'b'>[];`,
    value: { dialect: 'sqlite', schema: './s.ts', out: './d' },
  },
  'defineConfig with type arguments': {
    text: `import { type Config, defineConfig } from 'drizzle-kit';
export default defineConfig<Config>({ dialect: 'sqlite', schema: 's' });`,
    value: { dialect: 'sqlite', schema: 's' },
  },
  'types, overloads and ambient declarations around it': {
    text: `import type Kit from 'drizzle-kit';
interface Paths { out: string }
type Config = Kit.Config & { schema: string };
declare global { var config: Config }
declare module 'x' { const paths: Paths }
function env(name: string): string;
function env(name: 'A' | 'B'): string { return process.env[name]!; }
const paths: Paths = { out: './d' };
type Out = (typeof paths)['out'];
export type { Config };
export default { dialect: 'sqlite', schema: 's', out: paths.out, dbCredentials: { url: env('A') } } as Config;`,
    value: { dialect: 'sqlite', schema: 's', out: './d' },
  },
  'what looks like types in strings and comments': {
    text: `// as Config, satisfies
/* import type { A } from 'b' */
export default { dialect: 'sqlite', schema: 'x as Config', verbose: 'as Config' === 'x!' } satisfies Config // !`,
    value: { dialect: 'sqlite', schema: 'x as Config' },
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
    expect(await readLiterals(text, file ?? 'drizzle.config.ts')).toMatchObject({
      status: 'literal',
      value,
    });
  });
});

const COMPUTED: Record<string, { text: string; why: string }> = {
  'resolve(__dirname, ...)': {
    text: `import { resolve } from 'node:path'; export default { dialect: 'postgresql', schema: resolve(__dirname, './src/schema.ts') };`,
    why: "`schema` is computed: resolve(__dirname, './src/schema.ts')",
  },
  'an environment variable with a fallback': {
    text: `export default { dialect: 'postgresql', schema: 's.ts', out: process.env.OUT ?? './drizzle' };`,
    why: "`out` is computed: process.env.OUT ?? './drizzle'",
  },
  'two configs to choose from': {
    text: `import { defineConfig } from 'drizzle-kit';
const url = process.env.TURSO;
export default url ? defineConfig({ dialect: 'turso', schema: 's' }) : defineConfig({ dialect: 'sqlite', schema: 's' });`,
    why: "url ? defineConfig({ dialect: 'turso', schema: 's' }) : d...",
  },
  'a conditional spread with a driver': {
    text: `export default { dialect: 'sqlite', schema: 's', ...(process.env.P ? { driver: 'd1-http' } : {}) };`,
    why: "...(process.env.P ? { driver: 'd1-http' } : {}) may hold any key",
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
  'a constant object that is changed through an array': {
    text: `const config = { dialect: 'sqlite', schema: 's', out: 'a' }; [config].forEach((one) => { one.out = 'b'; }); export default config;`,
    why: '`config` is used in a way that may change it',
  },
  'a constant object that is changed under another name': {
    text: `const config = { dialect: 'sqlite', schema: 's', out: 'a' }; const other = config; other.out = 'b'; export default config;`,
    why: '`config` is used in a way that may change it',
  },
  'a constant object that is changed by Object.assign': {
    text: `const config = { dialect: 'sqlite', schema: 's', out: 'a' }; Object.assign(config, { out: 'b' }); export default config;`,
    why: '`config` is used in a way that may change it',
  },
  'a constant object whose inner part is changed': {
    text: `const config = { dialect: 'sqlite', schema: 's', migrations: { prefix: 'index' } }; const { migrations } = config; migrations.prefix = 'unix'; export default config;`,
    why: '`config` is used in a way that may change it',
  },
  'a constant array that is pushed to': {
    text: `const schema = ['a.ts']; schema.push('b.ts'); export default { dialect: 'sqlite', schema };`,
    why: '`schema` is computed: `schema` is used in a way that may change it',
  },
  'a defineConfig of their own': {
    text: `import { defineConfig } from './my-config'; export default defineConfig({ dialect: 'sqlite', schema: 's' });`,
    why: "defineConfig({ dialect: 'sqlite', schema: 's' })",
  },
  'constants that refer to each other': {
    text: `const a = { x: b }; const b = { y: a }; export default { dialect: 'sqlite', schema: a };`,
    why: '`schema` is computed: `a` is used in a way that may change it',
  },
  'a computed key': {
    text: `export default { [key]: 's', dialect: 'sqlite' };`,
    why: "a computed key, [key]: 's'",
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
  'a constant object that an enum or a namespace uses': {
    text: `const paths = { out: './d' }; namespace N { change(paths) } export default { dialect: 'sqlite', schema: 's', out: paths.out };`,
    why: '`out` is computed: paths.out',
  },
  'an enum': {
    text: `enum Dialect { A = 'sqlite' } export default { dialect: Dialect.A, schema: 's' };`,
    why: '`dialect` is computed: Dialect.A',
  },
  'export = and module.exports': {
    text: `export = { dialect: 'sqlite', schema: 's' }; module.exports.schema = 't';`,
    why: 'it exports in more than one place',
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

const ENV = `dbCredentials: { url: process.env.DATABASE_URL! }`;
const LITERAL = `{ dialect: 'sqlite', schema: 's', ${ENV} }`;

describe('a literal config that drizzle-kit can load whatever is installed and set', () => {
  test.each([
    `import { defineConfig } from 'drizzle-kit'; export default defineConfig(${LITERAL});`,
    `import type { Config } from './types'; export default ${LITERAL} satisfies Config;`,
    `import fs from 'node:fs'; console.log(process.cwd()); export default ${LITERAL};`,
    `const { DATABASE_URL: url } = process.env; if (!url) { console.error('no url'); process.exit(1); } export default ${LITERAL};`,
    `const url = process.env.A; if (!url || !process.env.B) throw new Error('A'); export default ${LITERAL};`,
    `const config = { dialect: 'sqlite', schema: 's', port: Number(process.env.PORT ?? 1), ssl: process.env.A?.trim === undefined }; export { config as default };`,
    `export const out = './d', other = [out, \`\${out}/x\`]; export default { dialect: 'sqlite', schema: 's', out, url: () => missing() };`,
  ])('%s', async (text) => {
    const read = await readLiterals(text, 'drizzle.config.ts');
    expect(read).toMatchObject({ status: 'literal', packages: [] });
    expect(read).not.toHaveProperty('mayFail');
  });

  test.each([
    `import 'dotenv/config'; export default ${LITERAL};`,
    `import { config as load } from 'dotenv'; load({ path: '.env' }); export default ${LITERAL};`,
    `import dotenv from 'dotenv'; dotenv.config(); export default ${LITERAL};`,
    `require('dotenv').config(); module.exports = ${LITERAL};`,
    `const { config } = require('dotenv'); config(); module.exports = ${LITERAL};`,
  ])('with dotenv installed: %s', async (text) => {
    const read = await readLiterals(text, 'drizzle.config.ts');
    expect(read).toMatchObject({ status: 'literal', packages: ['dotenv'] });
    expect(read).not.toHaveProperty('mayFail');
  });
});

describe('a literal config that drizzle-kit may be unable to load', () => {
  test.each([
    [`import './env'; export default ${LITERAL};`, "import './env';"],
    [`import { url } from 'package'; export default ${LITERAL};`, "import { url } from 'package';"],
    [
      `import { defineConfgi } from 'drizzle-kit'; defineConfgi(); export default ${LITERAL};`,
      'defineConfgi();',
    ],
    [`require('dotenv').load(); module.exports = ${LITERAL};`, "require('dotenv').load();"],
    [`const { load } = require('dotenv'); load(); module.exports = ${LITERAL};`, 'load();'],
    [`export default ${LITERAL}; throw new Error('no');`, "throw new Error('no');"],
    [
      `if (process.env.A) throw new Error('A'); export default ${LITERAL};`,
      "if (process.env.A) throw new Error('A');",
    ],
    [
      `if (!process.env.A) {} else missing(); export default ${LITERAL};`,
      'if (!process.env.A) {} else missing();',
    ],
    [`await 1; export default ${LITERAL};`, 'await 1;'],
    [`console('x'); export default ${LITERAL};`, "console('x');"],
    [
      `import { defineConfig } from 'fs'; defineConfig(); export default ${LITERAL};`,
      'defineConfig();',
    ],
    [`import dotenv from 'dotenv'; dotenv(); export default ${LITERAL};`, 'dotenv();'],
    [`import { config } from 'dotenv/config'; config(); export default ${LITERAL};`, 'config();'],
    [
      `const console = undefined; console.log(1); export default ${LITERAL};`,
      'const console = undefined;',
    ],
    [`import process from 'package'; export default ${LITERAL};`, "import process from 'package';"],
    [
      `const a = { valueOf() {} }, b = 1 + a; export default ${LITERAL};`,
      'const a = { valueOf() {} }, b = 1 + a;',
    ],
    [`const a = {}; String(a); export default ${LITERAL};`, 'String(a);'],
    [`const a = {}; console.log('%s', a); export default ${LITERAL};`, "console.log('%s', a);"],
    [`const a = {}; const b = { [a]: 1 }; export default ${LITERAL};`, 'const b = { [a]: 1 };'],
    [
      `const url = process.env.A.trim; export default ${LITERAL};`,
      'const url = process.env.A.trim;',
    ],
    [`const { a } = missing; export default ${LITERAL};`, 'const { a } = missing;'],
    [`const a = \`\${b}\`; const b = ''; export default ${LITERAL};`, 'const a = `${b}`;'],
    [`const a = [...process.env.A]; export default ${LITERAL};`, 'const a = [...process.env.A];'],
    [
      `const a = 'b' in process.env.A; export default ${LITERAL};`,
      "const a = 'b' in process.env.A;",
    ],
    [`enum A { B = missing() } export default ${LITERAL};`, 'enum A { B = missing() }'],
    [
      `class A { static b = missing(); } export default ${LITERAL};`,
      'class A { static b = missing(); }',
    ],
    [`process.env.A = missing(); export default ${LITERAL};`, 'process.env.A = missing();'],
    [
      `export default { dialect: 'sqlite', schema: 's', url: new URL(process.env.A!) };`,
      "export default { dialect: 'sqlite', schema: 's', url: new...",
    ],
    [
      `export default { dialect: 'sqlite', schema: 's', get x() { throw 1; } };`,
      "export default { dialect: 'sqlite', schema: 's', get x() ...",
    ],
  ])('%s', async (text, mayFail) => {
    expect(await readLiterals(text, 'drizzle.config.ts')).toMatchObject({
      status: 'literal',
      mayFail,
    });
  });
});

describe('a text that is no config', () => {
  test('a type where a value has to be, which the parser lets through', async () => {
    for (const wrong of ['x: <string>, y: 1', 'x: [<string>, 1]'])
      expect(
        await readLiterals(`export default { dialect: 'sqlite', ${wrong} };`, 'drizzle.config.ts'),
      ).toMatchObject({ status: 'computed', why: expect.stringContaining('it does not parse') });
  });

  test('JavaScript and JSON with a syntax error are invalid', async () => {
    expect(await readLiterals(`export default {\n  schema: : 's' }`, 'drizzle.config.js')).toEqual({
      status: 'invalid',
      message: 'Unexpected token',
      line: 2,
    });
    expect(await readLiterals('{ "dialect": ', 'drizzle.config.json')).toMatchObject({
      status: 'invalid',
      message: expect.stringMatching(/^not JSON: /),
    });
  });
  test.each([
    ['a syntax error', `export default {\n  dialect: 'sqlite',\n  schema: : 's',\n};`, 3],
    ['a template', `export default { dialect: '{{dialect}}', schema: <%= schema %> };`, 1],
    ['conflict markers', `<<<<<<< HEAD\nexport default {}\n=======\n`, 1],
  ])('%s in TypeScript is left to esbuild, which evaluates it', async (_what, text, line) => {
    expect(await readLiterals(text, 'drizzle.config.ts')).toEqual({
      status: 'computed',
      why: expect.stringMatching(new RegExp(`^it does not parse \\(.+, line ${line}\\)$`)),
    });
  });
  test('an array is what drizzle-kit refuses too', async () => {
    expect(await readLiterals(`export default [{ dialect: 'sqlite' }]`, 'a.ts')).toEqual({
      status: 'invalid',
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
  expect(await readLiterals(text.replace('-1', '5'), 'guard.config.js', 'all')).toMatchObject({
    status: 'literal',
    value: { projects: ['a'], timeoutSeconds: 5, on: true, none: null },
  });
});

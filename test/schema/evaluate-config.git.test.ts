import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateConfig } from '../../src/schema/evaluate-config.ts';
import type { Kit } from '../../src/schema/kit/find-kit.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { linkModules, scratch, type Files } from '../support/drizzle-project.ts';
import { memoryTree } from '../support/memory-tree.ts';

const worker = openWorker({ env: {} });
let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-config-');
  await linkModules(top);
});
afterAll(() => worker.close());

const look = (files: Files, over = {}, path = 'drizzle.config.ts') =>
  evaluateConfig({ tree: memoryTree(files), top, path, env: {}, worker, ...over });

test('a default export, computed with a module of the tree; without credentials and functions', async () => {
  const files = {
    'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';\nimport { folder } from './paths';\nexport default defineConfig({ dialect: 'postgresql', schema: [folder + '/*.ts'], out: './drizzle', dbCredentials: { url: 'postgres://root:secret@db/x' }, hook: () => 1 } as never);\n`,
    'paths.ts': `export const folder: string = './src/db';\n`,
  };
  const config = await look(files);
  expect(config).toEqual({
    status: 'ok',
    value: { dialect: 'postgresql', schema: ['./src/db/*.ts'], out: './drizzle' },
    reads: expect.arrayContaining(['drizzle.config.ts', 'paths.ts', 'tsconfig.json']),
  });
  expect(JSON.stringify(config)).not.toContain('secret');
});

test.each([
  ['module.exports', 'drizzle.config.js', `module.exports = { dialect: 'sqlite' };`],
  ['a named default of CommonJS', 'drizzle.config.cjs', `exports.default = { dialect: 'sqlite' };`],
  [
    'a getter of credentials, which is never read',
    'drizzle.config.js',
    `module.exports = { dialect: 'sqlite', get dbCredentials() { throw new Error('read'); } };`,
  ],
  ['JSON', 'drizzle.config.json', '{ "dialect": "sqlite" }'],
  ['an ES module', 'drizzle.config.mjs', `export default { dialect: 'sqlite' };`],
])('%s', async (_, path, text) => {
  expect(await look({ [path]: text }, {}, path)).toMatchObject({
    status: 'ok',
    value: { dialect: 'sqlite' },
  });
});

test('the real environment comes first, placeholders only where it does not do', async () => {
  const text = `if (!process.env.DATABASE_URL?.startsWith('mysql://')) throw new Error('DATABASE_URL must be MySQL');\nexport default { dialect: 'mysql', out: './' + (process.env.OUT ?? 'drizzle') };\n`;
  const real = await look(
    { 'drizzle.config.ts': text },
    { dialect: 'mysql', env: { DATABASE_URL: 'mysql://x', OUT: 'real' } },
  );
  expect(real).toMatchObject({ status: 'ok', value: { dialect: 'mysql', out: './real' } });
  const placed = await look({ 'drizzle.config.ts': text }, { dialect: 'mysql' });
  expect(placed).toMatchObject({ status: 'ok', value: { dialect: 'mysql' } });
});

test('process.loadEnvFile reads the tree, and replaces nothing that is set', async () => {
  const text = `process.loadEnvFile('.env.db');\nexport default { dialect: process.env.DIALECT, out: process.env.OUT };\n`;
  const files = { 'drizzle.config.ts': text, '.env.db': 'DIALECT=sqlite\nOUT="./tree"\n' };
  const config = await look(files, { env: { OUT: './set' } });
  expect(config).toMatchObject({ status: 'ok', value: { dialect: 'sqlite', out: './set' } });
  expect(await look({ 'drizzle.config.ts': text })).toMatchObject({
    status: 'unreadable',
    message: expect.stringMatching(/^the config throws ENOENT: .*\.env\.db'$/),
  });
});

test.each([
  ['a promise', `export default Promise.resolve({ dialect: 'sqlite' });`],
  [
    'await at its top',
    `const dialect = await Promise.resolve('sqlite');\nexport default { dialect };`,
  ],
])('drizzle-kit 1.x waits for a config: %s', async (_, text) => {
  const kit: Kit = {
    layout: 'folders',
    version: '1.0.0',
    ormVersion: '1.0.0',
    api: join(top, 'node_modules/drizzle-kit/cli.js'),
    bin: join(top, 'node_modules/.bin/drizzle-kit'),
    base: top,
  };
  const files = { 'drizzle.config.ts': text };
  expect(await look(files, { kit, run: {} })).toMatchObject({
    status: 'ok',
    value: { dialect: 'sqlite' },
  });
  expect(await look(files, { run: {} })).toMatchObject({ status: 'unreadable' });
});

test('a variable that is missing and decides a path, and one that only a filter needs', async () => {
  const need = `const need = (name) => process.env[name] ?? (() => { throw new Error(name); })();\n`;
  const decides = `${need}export default { dialect: 'sqlite', schema: './' + need('AREA') + '/*.ts' };\n`;
  expect(await look({ 'drizzle.config.ts': decides })).toMatchObject({
    status: 'unreadable',
    message: 'AREA is not set, and its value is part of the config',
    unset: ['AREA'],
  });
  const filters = `${need}export default { dialect: 'sqlite', tablesFilter: [need('AREA') + '_*'] };\n`;
  expect(await look({ 'drizzle.config.ts': filters })).toMatchObject({ status: 'ok' });
});

test('runs in the folder of the config, with a process of its own where none is given', async () => {
  const { worker: _, ...rest } = {
    worker,
    tree: memoryTree({
      'packages/db/drizzle.config.ts': `import { basename } from 'node:path';\nexport default { out: basename(process.cwd()) };\n`,
    }),
  };
  expect(
    await evaluateConfig({ ...rest, top, path: 'packages/db/drizzle.config.ts', env: {} }),
  ).toMatchObject({ status: 'ok', value: { out: 'db' } });
});

test('a config that throws, and one that imports a file that does', async () => {
  expect(await look({ 'drizzle.config.ts': `\nthrow new Error('not today');\n` })).toMatchObject({
    status: 'unreadable',
    line: 2,
    message: 'the config throws not today',
    detail: 'Error: not today',
  });
  const files = {
    'drizzle.config.ts': `import './env';\nexport default {};\n`,
    'env.ts': `export {};\nthrow new Error('not today');\n`,
  };
  expect(await look(files)).toMatchObject({
    status: 'unreadable',
    message: 'env.ts:2: the config throws not today',
  });
});

test('a config with a syntax error', async () => {
  expect(
    await look({ 'drizzle.config.ts': `export default {\n  dialect 'x'\n};\n` }),
  ).toMatchObject({ status: 'unreadable', line: 2 });
});

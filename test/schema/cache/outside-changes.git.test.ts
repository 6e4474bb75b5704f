import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openWorker } from '../../../src/schema/worker/host.ts';
import { scratch, writeFiles, type Files } from '../../support/drizzle-project.ts';
import { columnsOf, projectOf } from '../../support/evaluation.ts';
import { lookAgain, settle, type Over, type Remembering } from './remembering.ts';

const GUARD_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

const HEAD = `import { sqliteTable, text, index } from 'drizzle-orm/sqlite-core';\n`;
const importing = (line: string, value = 'column'): string =>
  `${HEAD}${line}\nexport const teams = sqliteTable('teams', { it: text(${value}) });\n`;
const from = (specifier: string): string => importing(`import { column } from '${specifier}';`);
const SCHEMA = 'packages/db/src/schema.ts';
/** Where package managers note an install: npm, pnpm, Yarn, Yarn 1, Bun. */
const RECORDS = [
  'node_modules/.package-lock.json',
  'node_modules/.modules.yaml',
  'node_modules/.pnpm/lock.yaml',
  'node_modules/.yarn-state.yml',
  'node_modules/.yarn-integrity',
  'bun.lock',
];
const PROJECT = projectOf('sqlite', [SCHEMA], { base: 'packages/db' });

let run: Remembering;
/** What is installed; paths below the top of the repository. */
const install = (files: Files): Promise<void> => writeFiles(run.top, files);
const look = (schema: string, over: Over = {}, more: Files = {}) =>
  lookAgain(run, { [SCHEMA]: schema, ...more }, PROJECT, over);

beforeEach(async () => {
  run = {
    top: await scratch('drizzle-guard-outside-'),
    worker,
    commonDir: await scratch('drizzle-guard-store-'),
  };
  await mkdir(join(run.top, 'node_modules'));
  for (const name of ['drizzle-orm', 'drizzle-kit'])
    await symlink(join(GUARD_MODULES, name), join(run.top, 'node_modules', name));
  await install({
    'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"main.js"}',
    'node_modules/dep/main.js': `exports.column = require('./part').column;`,
    'node_modules/dep/part.js': `exports.column = 'first';`,
    'node_modules/@acme/cols/package.json': '{"name":"@acme/cols","version":"1.0.0"}',
    'node_modules/@acme/cols/index.js': `exports.column = 'first';`,
    'node_modules/above/package.json': '{"name":"above","version":"1.0.0"}',
    'node_modules/above/index.js': `exports.column = require('dep').column;`,
    'node_modules/mapped/package.json': '{"name":"mapped","version":"1.0.0","exports":"./one.js"}',
    'node_modules/mapped/one.js': `exports.column = 'first';`,
    'node_modules/mapped/two.js': `exports.column = 'other';`,
    'node_modules/sources/package.json': '{"name":"sources","version":"1.0.0","main":"index.ts"}',
    'node_modules/sources/index.ts': `export * from './part';`,
    'node_modules/sources/part.ts': `export const column: string = 'first';`,
    'node_modules/data/package.json': '{"name":"data","version":"1.0.0","column":"first"}',
    'node_modules/data/index.js': `exports.column = require('./package.json').column;`,
    'node_modules/esm/package.json':
      '{"name":"esm","version":"1.0.0","type":"module","exports":"./index.js"}',
    'node_modules/esm/index.js': `export { column } from './part.js';`,
    'node_modules/esm/part.js': `export const column = 'first';`,
    '.versions/linked-1/package.json': '{"name":"linked"}',
    '.versions/linked-1/index.js': `exports.column = 'first';`,
    '.versions/linked-2/package.json': '{"name":"linked"}',
    '.versions/linked-2/index.js': `exports.column = 'other';`,
    'node_modules/.pnpm/kept@1/node_modules/kept/package.json': '{"name":"kept"}',
    'node_modules/.pnpm/kept@1/node_modules/kept/index.js': `exports.column = 'first';`,
    'node_modules/.pnpm/kept@2/node_modules/kept/package.json': '{"name":"kept"}',
    'node_modules/.pnpm/kept@2/node_modules/kept/index.js': `exports.column = 'other';`,
    'node_modules/base/package.json': '{"name":"base"}',
    'node_modules/base/tsconfig.json': '{"compilerOptions":{}}',
  });
  await symlink('.pnpm/kept@1/node_modules/kept', join(run.top, 'node_modules/kept'));
  await install(Object.fromEntries(RECORDS.map((record) => [record, 'of an install'])));
  await settle();
});

/** Node remembers where a package is for as long as its process lives. */
async function inAnotherProcess<T>(act: () => Promise<T>): Promise<T> {
  const other = openWorker({ env: {} });
  run = { ...run, worker: other };
  try {
    return await act();
  } finally {
    await other.close();
  }
}

const relink = async (path: string, target: string): Promise<void> => {
  await rm(join(run.top, path));
  await symlink(target, join(run.top, path));
};

describe('a change of what is installed is noticed:', () => {
  test.each<readonly [string, string, () => Promise<unknown>]>([
    [
      'main of a package',
      'dep',
      () =>
        install({
          'node_modules/dep/other.js': `exports.column = 'other';`,
          'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"other.js"}',
        }),
    ],
    [
      'exports of a package',
      'mapped',
      () =>
        install({
          'node_modules/mapped/package.json':
            '{"name":"mapped","version":"1.0.0","exports":"./two.js"}',
        }),
    ],
    [
      'a package that a package needs',
      'above',
      () =>
        install({
          'node_modules/dep/other.js': `exports.column = 'other';`,
          'node_modules/dep/package.json': '{"name":"dep","version":"1.0.1","main":"other.js"}',
        }),
    ],
    ...RECORDS.map((record): readonly [string, string, () => Promise<void>] => [
      `another install, which ${record} notes`,
      'dep',
      () =>
        install({
          'node_modules/dep/part.js': `exports.column = 'other';`,
          [record]: 'of another install',
        }),
    ]),
    [
      'a nearer package of the same name',
      'dep',
      () => install({ 'packages/db/node_modules/dep/index.js': `exports.column = 'other';` }),
    ],
    [
      'a package that ships TypeScript',
      'sources',
      () =>
        install({
          'node_modules/sources/part.ts': `export const column: string = 'other';`,
          'node_modules/sources/package.json':
            '{"name":"sources","version":"1.0.1","main":"index.ts"}',
        }),
    ],
    [
      'data that a package reads by require',
      'data',
      () =>
        install({
          'node_modules/data/package.json': '{"name":"data","version":"1.0.0","column":"other"}',
        }),
    ],
    [
      'where a link into a store leads',
      'kept',
      () => relink('node_modules/kept', '.pnpm/kept@2/node_modules/kept'),
    ],
    [
      'a scoped package that becomes a link',
      '@acme/cols',
      async () => {
        await install({
          'elsewhere/package.json': '{"name":"@acme/cols","version":"1.0.0"}',
          'elsewhere/index.js': `exports.column = 'other';`,
        });
        await rm(join(run.top, 'node_modules/@acme/cols'), { recursive: true });
        await symlink('../../elsewhere', join(run.top, 'node_modules/@acme/cols'));
      },
    ],
    [
      'a whole package that is put in the place of the old one',
      'dep',
      async () => {
        await install({
          'fresh/package.json': '{"name":"dep","version":"2.0.0"}',
          'fresh/index.js': `exports.column = 'other';`,
        });
        await rm(join(run.top, 'node_modules/dep'), { recursive: true });
        await rename(join(run.top, 'fresh'), join(run.top, 'node_modules/dep'));
      },
    ],
  ])('%s', async (_, specifier, change) => {
    const first = await look(from(specifier));
    expect([first.uncacheableBecause, first.evaluated, columnsOf(first.schema, 'teams')]).toEqual([
      [],
      true,
      ['first'],
    ]);
    expect(await look(from(specifier))).toMatchObject({ evaluated: false, schema: first.schema });
    await change();
    const after = await inAnotherProcess(() => look(from(specifier)));
    expect([after.evaluated, columnsOf(after.schema, 'teams')]).toEqual([true, ['other']]);
  });

  test('a package that was missing, and may be', async () => {
    const schema = importing(
      `let column = 'first'; try { ({ column } = require('later')); } catch {}`,
    );
    expect(await look(schema)).toMatchObject({ evaluated: true, uncacheableBecause: [] });
    expect((await look(schema)).evaluated).toBe(false);
    await install({ 'node_modules/later/index.js': `exports.column = 'other';` });
    expect(columnsOf((await inAnotherProcess(() => look(schema))).schema, 'teams')).toEqual([
      'other',
    ]);
  });

  test('nothing that a bundler makes and removes beside the packages', async () => {
    await install({ 'node_modules/.package-lock.json': '{}' });
    await settle();
    const first = await look(from('dep'));
    expect(first).toMatchObject({ evaluated: true, uncacheableBecause: [] });
    await install({ 'node_modules/.vite-temp/config.mjs': 'export default {};' });
    expect(await look(from('dep'))).toMatchObject({ evaluated: false, schema: first.schema });
    await install({ 'node_modules/new/package.json': '{"name":"new","version":"1.0.0"}' });
    expect((await look(from('dep'))).evaluated).toBe(true);
  });

  test('a tsconfig in a package that is upgraded', async () => {
    const more = {
      'packages/db/tsconfig.json': '{"extends":["base/tsconfig.json"]}',
      'packages/db/mine.ts': `export const column = 'other';`,
    };
    expect(await look(from('dep'), {}, more)).toMatchObject({
      evaluated: true,
      uncacheableBecause: [],
    });
    expect((await look(from('dep'), {}, more)).evaluated).toBe(false);
    await install({
      'node_modules/base/package.json': '{"name":"base","version":"2.0.0"}',
      'node_modules/base/tsconfig.json': JSON.stringify({
        compilerOptions: { paths: { dep: ['${configDir}/mine.ts'] } },
      }),
    });
    expect(columnsOf((await look(from('dep'), {}, more)).schema, 'teams')).toEqual(['other']);
  });

  test('a linked package whose entry is built, and so not recorded', async () => {
    const more = { 'packages/built/package.json': '{"name":"built","main":"dist/index.js"}' };
    await install({ ...more, 'packages/built/dist/index.js': `exports.column = 'first';` });
    await symlink('../packages/built', join(run.top, 'node_modules/built'));
    await settle();
    expect(await look(from('built'), {}, more)).toMatchObject({
      evaluated: true,
      uncacheableBecause: [],
    });
    expect((await look(from('built'), {}, more)).evaluated).toBe(false);
    await install({ 'packages/built/dist/index.js': `exports.column = 'other';` });
    expect(columnsOf((await look(from('built'), {}, more)).schema, 'teams')).toEqual(['other']);
  });

  test('in the very moment after it was built, nothing is kept of it', async () => {
    const more = { 'packages/fresh/package.json': '{"name":"fresh","main":"dist/index.js"}' };
    await symlink('../packages/fresh', join(run.top, 'node_modules/fresh'));
    await settle();
    await install({ ...more, 'packages/fresh/dist/index.js': `exports.column = 'first';` });
    await look(from('fresh'), {}, more);
    expect((await look(from('fresh'), {}, more)).evaluated).toBe(true);
    await settle();
    await look(from('fresh'), {}, more);
    expect((await look(from('fresh'), {}, more)).evaluated).toBe(false);
  });

  test('generated code in node_modules, which no version names, is not kept', async () => {
    await install({
      'node_modules/client/package.json': '{"name":"client","version":"1.0.0"}',
      'node_modules/client/index.js': `exports.column = require('.generated').column;`,
      'node_modules/.generated/index.js': `exports.column = 'first';`,
    });
    await settle();
    expect(await look(from('client'))).toMatchObject({ evaluated: true, uncacheableBecause: [] });
    expect((await look(from('client'))).evaluated).toBe(true);
  });
});

describe('the environment', () => {
  test.each<readonly [string, string]>([
    ['a variable that is read', `const column = process.env.COLUMN ?? 'unset';`],
    ['one that is asked for by in', `const column = 'COLUMN' in process.env ? 'set' : 'unset';`],
    ['one that is taken out', `const { COLUMN: column = 'unset' } = process.env;`],
    [
      'one that a placeholder stood in for',
      `if (process.env.COLUMN === undefined) throw new Error(); const column = process.env.COLUMN === 'a' ? 'a' : 'b';`,
    ],
    [
      'one that hasOwn asks for',
      `const column = Object.hasOwn(process.env, 'COLUMN') ? 'set' : 'unset';`,
    ],
  ])('%s decides', async (_, line) => {
    const schema = importing(line);
    for (const env of [{}, { COLUMN: 'a' }]) {
      const first = await look(schema, { env });
      expect(first).toMatchObject({ evaluated: true, uncacheableBecause: [] });
      expect(await look(schema, { env: { ...env, OTHER: 'nobody asks' } })).toMatchObject({
        evaluated: false,
        schema: first.schema,
      });
    }
    expect((await look(schema, { env: { COLUMN: '' } })).evaluated).toBe(true);
    // Both answers are still there.
    for (const env of [{}, { COLUMN: 'a' }])
      expect((await look(schema, { env })).evaluated).toBe(false);
  });

  test('also what is read only when drizzle-kit asks for the indexes', async () => {
    const schema = `${HEAD}export const teams = sqliteTable('teams', { it: text('it') }, (t) => [index(process.env.INDEX ?? 'none').on(t.it)]);`;
    await look(schema);
    expect((await look(schema)).evaluated).toBe(false);
    const set = await look(schema, { env: { INDEX: 'mine' } });
    expect([set.evaluated, JSON.stringify(set.schema).includes('"$INDEX"')]).toEqual([true, true]);
  });

  test('no value of it is in the store', async () => {
    await look(importing(`const column = process.env.SECRET === 'hunter2' ? 'a' : 'b';`), {
      env: { SECRET: 'hunter2' },
    });
    const { readdir, readFile } = await import('node:fs/promises');
    const folder = join(run.commonDir, 'drizzle-guard/store');
    const texts = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    expect(texts.join('')).toContain('SECRET');
    expect(texts.join('')).not.toContain('hunter2');
  });
});

describe('what may come to something else next time is not kept:', () => {
  test.each<readonly [string, string, RegExp]>([
    [
      'all names of the environment',
      `const column = 'n' + Object.keys(process.env).length;`,
      /lists the environment/,
    ],
    [
      'a copy of the environment',
      `const env = { ...process.env }; const column = 'n' + (env.A ?? '');`,
      /lists the environment/,
    ],
    [
      'files',
      `import { existsSync } from 'node:fs'; const column = 'f' + existsSync('/');`,
      /node's fs/,
    ],
    ['files, required', `const column = 'f' + require('fs').existsSync('/');`, /node's fs/],
    [
      'programs',
      `import * as programs from 'node:child_process'; const column = 'p' + typeof programs.execSync;`,
      /node's child_process/,
    ],
    [
      'the machine',
      `import os from 'os'; const column = 'o' + (os.cpus().length > 0);`,
      /node's os/,
    ],
    [
      'a require of its own',
      `import { createRequire } from 'node:module'; const column = typeof createRequire(import.meta.url);`,
      /node's module/,
    ],
    ['a package that reads files', `import { column } from 'reader';`, /node's fs/],
  ])('%s', async (_, line, why) => {
    await install({
      'node_modules/reader/index.js': `exports.column = 'f' + require('fs').existsSync('/');`,
    });
    const first = await look(importing(line));
    expect(first.schema.status).toBe('ok');
    expect(first.uncacheableBecause.join()).toMatch(why);
    expect((await look(importing(line))).evaluated).toBe(true);
  });

  test('what the schema loads in a way of its own', async () => {
    const hook = `require.extensions['.sql'] = (module, path) => { module.exports = { column: require('node:path').basename(path) }; };`;
    const schema = importing(`${hook} const { column } = require('./it.sql');`);
    const more = { 'packages/db/src/it.sql': 'SELECT 1' };
    const { schema: read, uncacheableBecause } = await look(schema, {}, more);
    expect(columnsOf(read, 'teams')).toEqual(['it.sql']);
    expect(uncacheableBecause.join()).toContain('is not CommonJS');
    // The way is gone with the schema.
    expect((await look(schema.replace(hook, ''), {}, more)).schema.status).toBe('unreadable');
  });

  test('a missing import, and a schema that takes too long', async () => {
    expect((await look(from('./nowhere'))).uncacheableBecause).toEqual([
      'it failed for a reason that may lie outside the tree',
    ]);
    expect((await look(from('./nowhere'))).evaluated).toBe(true);
    const slow = await look(importing('for (;;);', `'it'`), { timeLimit: 300 });
    expect([slow.schema.status, slow.uncacheableBecause]).toEqual([
      'unreadable',
      ['it took too long'],
    ]);
  });
});

describe('an answer that was computed once is kept, also of:', () => {
  test.each<readonly [string, string]>([
    [
      'defaults that are made for each row',
      `const column = 'it'; export const more = sqliteTable('more', { at: text('at').$defaultFn(() => new Date().toISOString()), id: text('id').$defaultFn(() => String(Math.random())) });`,
    ],
    ['the clock', `const column = 'y' + new Date().getFullYear();`],
    ['random numbers', `const column = 'r' + String(Math.random()).slice(2, 6);`],
    ["the web's uuid", `const column = 'r' + crypto.randomUUID().slice(0, 4);`],
    ['the number of the process', `const column = 'p' + (process.pid > 0);`],
    [
      'a package that draws random numbers while it is loaded',
      `import { seed } from 'ids'; const column = 's' + String(seed).slice(2, 6);`,
    ],
    [
      'a hash',
      `import { createHash } from 'node:crypto'; const column = 'h' + createHash('sha1').update('x').digest('hex').slice(0, 4);`,
    ],
    ['a date that is given', `const column = 'd' + new Date(86_400_000 * 365).getUTCFullYear();`],
    ['paths', `import { join } from 'node:path'; const column = join('a', 'b').replace('/', '_');`],
    ['a schema that throws', `const column = 'x'; throw new Error('never');`],
    ['a schema that leaves', `const column = 'x'; process.exit(3);`],
  ])('%s', async (_, line) => {
    await install({ 'node_modules/ids/index.js': `exports.seed = Math.random();` });
    await settle();
    const first = await look(importing(line));
    expect(first).toMatchObject({ evaluated: true, uncacheableBecause: [] });
    expect(await look(importing(line))).toEqual({
      evaluated: false,
      uncacheableBecause: [],
      schema: first.schema,
    });
  });
});

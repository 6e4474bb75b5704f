import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorker } from '../../src/schema/worker/host.ts';
import { scratch, writeFiles, type Files } from '../support/drizzle-project.ts';
import { columnsOf, evaluate, projectOf, readable, unreadable } from '../support/evaluation.ts';
import { memoryTree } from '../support/memory-tree.ts';

const GUARD_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

/**
 * A repository on disk that has its dependencies, and of its own files only what a test puts there.
 */
let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-imports-');
  await writeFiles(join(top, 'node_modules'), {
    'cjs-dep/package.json': '{"name":"cjs-dep","version":"1.0.0","main":"main.js"}',
    'cjs-dep/main.js': 'exports.column = "from_cjs";',
    'esm-dep/package.json':
      '{"name":"esm-dep","version":"1.0.0","type":"module","exports":{".":"./index.js","./sub":{"types":"./index.d.ts","import":"./index.js"}}}',
    'esm-dep/index.js':
      'export const column = "from_esm"; export default { column: "esm_default" };',
    'ts-dep/package.json': '{"name":"ts-dep","version":"1.0.0","main":"src/index.ts"}',
    'ts-dep/src/index.ts': 'export { column } from "./column"; export type Column = string;',
    'ts-dep/src/column.ts': 'export const column: string = "from_ts_dep";',
    'needy/package.json': '{"name":"needy","version":"1.0.0","main":"main.js"}',
    'needy/main.js': 'module.exports = require("not-installed-anywhere");',
    '@acme/config/package.json': '{"name":"@acme/config","version":"1.0.0"}',
    '@acme/config/tsconfig.base.json': '{"compilerOptions":{"paths":{"${configDir}/nothing":[]}}}',
  });
  for (const name of ['drizzle-orm', 'drizzle-kit'])
    await symlink(join(GUARD_MODULES, name), join(top, 'node_modules', name));
  await symlink('../../packages/shared', join(top, 'node_modules/@acme/shared'));
});

const HEAD = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n`;
/** A schema of one table with one column, whose name comes from an import. */
const importing = (line: string, value = 'column'): string =>
  `${HEAD}${line}\nexport const teams = sqliteTable('teams', { it: text(${value}) });\n`;
/** A table in a file of its own that refers to a table in another. */
const referring = (name: string, other: string): string =>
  `${HEAD.replace('text', 'text, type AnySQLiteColumn')}import { ${other} } from './${other}';\nexport const ${name} = sqliteTable('${name}', { id: text('id').primaryKey(), other: text('other').references((): AnySQLiteColumn => ${other}.id) });\n`;
const look = (files: Files, schema = 'src/schema.ts', over = {}) =>
  evaluate(top, worker, files, projectOf('sqlite', [schema], over));

describe('the imports that are followed', () => {
  test.each<readonly [string, string, Files]>([
    ['a relative file', './column', { 'src/column.ts': 'export const column = "it";' }],
    [
      'a file with a dot in its name',
      './column.name',
      { 'src/column.name.ts': 'export const column = "it";' },
    ],
    ['.js that is .ts', './column.js', { 'src/column.ts': 'export const column = "it";' }],
    ['.mjs that is .mts', './column.mjs', { 'src/column.mts': 'export const column = "it";' }],
    ['.cjs that is .cts', './column.cjs', { 'src/column.cts': 'export const column = "it";' }],
    [
      'a .tsx file',
      './column',
      { 'src/column.tsx': 'export const column = "it"; export const View = () => <p />;' },
    ],
    [
      'a folder with an index',
      './names',
      {
        'src/names/index.ts': 'export * from "./column";',
        'src/names/column.ts': 'export const column = "it";',
      },
    ],
    [
      'a folder above the globs',
      '../shared/column',
      { 'shared/column.ts': 'export const column = "it";' },
    ],
    ['a CommonJS file', './column.cjs', { 'src/column.cjs': 'module.exports = { column: "it" };' }],
    [
      'tsconfig paths',
      '@/column',
      {
        'tsconfig.json':
          '{ // comments are allowed\n "compilerOptions": { "paths": { "@/*": ["./src/*"] }, } }',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'tsconfig baseUrl',
      'src/column',
      {
        'tsconfig.json': '{"compilerOptions":{"baseUrl":"."}}',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'paths of an extended tsconfig',
      '~/column',
      {
        'tsconfig.json': '{"extends":["@acme/config/tsconfig.base.json","./config/base"]}',
        'config/base.json': '{"compilerOptions":{"paths":{"~/*":["../src/*"]}}}',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'package.json imports',
      '#db/column',
      {
        'package.json': '{"name":"shop","imports":{"#db/*":"./src/*.ts"}}',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'the package itself',
      'shop/column',
      {
        'package.json': '{"name":"shop","exports":{"./column":"./src/column.ts"}}',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'a linked workspace package',
      '@acme/shared',
      {
        'packages/shared/package.json': '{"name":"@acme/shared","exports":{".":"./src/index.ts"}}',
        'packages/shared/src/index.ts': 'export const column = "it";',
      },
    ],
    [
      'a part of a linked workspace package',
      '@acme/shared/column',
      {
        'packages/shared/package.json': '{"name":"@acme/shared"}',
        'packages/shared/column.ts': 'export const column = "it";',
      },
    ],
    [
      'a workspace package that is not linked',
      '@acme/fresh',
      {
        'libs/fresh/package.json': '{"name":"@acme/fresh","main":"./src/index.ts"}',
        'libs/fresh/src/index.ts': 'export const column = "it";',
      },
    ],
    [
      'a part of a package that is not linked',
      '@acme/fresh/column',
      {
        'libs/fresh/package.json': '{"name":"@acme/fresh","exports":{"./*":"./src/*.ts"}}',
        'libs/fresh/src/column.ts': 'export const column = "it";',
      },
    ],
  ])('%s', async (_, specifier, files) => {
    const schema = readable(
      await look({
        'src/schema.ts': importing(`import { column } from '${specifier}';`),
        ...files,
      }),
    );
    expect(columnsOf(schema, 'teams')).toEqual(['it']);
    const sources = Object.keys(files).filter((path) => !path.endsWith('.json'));
    expect([...schema.closure].sort()).toEqual(['src/schema.ts', ...sources].sort());
    for (const path of Object.keys(files))
      if (path.endsWith('.json')) expect(schema.consulted).toContain(path);
  });

  test.each([
    ['a CommonJS dependency', `import { column } from 'cjs-dep';`, 'from_cjs'],
    ['an ESM-only dependency', `import { column } from 'esm-dep';`, 'from_esm'],
    [
      'a dependency that ships TypeScript',
      `import { column, type Column } from 'ts-dep';`,
      'from_ts_dep',
    ],
    [
      'a module of node',
      `import { basename } from 'node:path'; const column = basename('/a/b');`,
      'b',
    ],
    ['a JSON file', `import names from './names.json'; const { column } = names;`, 'from_json'],
    [
      'a dynamic import that is never reached',
      `export const later = () => import('./nowhere'); const column = 'it';`,
      'it',
    ],
    [
      'an import of types alone',
      `import type { A } from './nowhere'; import { B } from './nor-there'; let a: A | B; const column = 'it';`,
      'it',
    ],
  ])('%s', async (_, line, column) => {
    const schema = await look({
      'src/schema.ts': importing(line),
      'src/names.json': '{"column":"from_json"}',
    });
    expect(columnsOf(schema, 'teams')).toEqual([column]);
  });

  test('each file knows where it is', async () => {
    const here = `import { column } from './deep/column'; import { relative } from 'node:path'; import { fileURLToPath } from 'node:url'; const own = relative(__dirname, fileURLToPath(import.meta.url)) + typeof import.meta.dirname;`;
    const files = {
      'src/schema.ts': importing(here, '`${own}|${column}`'),
      'src/deep/column.cts':
        'exports.column = require("node:path").relative(__dirname, __filename);',
    };
    const found = columnsOf(
      await look({
        ...files,
        'src/schema.ts': files['src/schema.ts'].replace('./deep/column', './deep/column.cjs'),
      }),
      'teams',
    );
    // tsx knows `import.meta.url` alone.
    expect(found).toEqual(['schema.tsundefined|column.cts']);
  });

  test('cyclic imports of tables that refer to each other', async () => {
    const schema = await evaluate(
      top,
      worker,
      { 'src/a.ts': referring('a', 'b'), 'src/b.ts': referring('b', 'a') },
      projectOf('sqlite', ['src/a.ts', 'src/b.ts']),
    );
    expect([columnsOf(schema, 'a'), columnsOf(schema, 'b')]).toEqual([
      ['id', 'other'],
      ['id', 'other'],
    ]);
  });

  test('the tree decides, not the disk: a linked package that differs there', async () => {
    await writeFiles(top, {
      'packages/shared/package.json': '{"name":"@acme/shared","exports":"./old.ts"}',
      'packages/shared/old.ts': 'export const column = "disk";',
    });
    const tree = {
      'packages/shared/package.json': '{"name":"@acme/shared","exports":"./new.ts"}',
      'packages/shared/new.ts': 'export const column = "tree";',
    };
    const schema = readable(
      await look({ 'src/schema.ts': importing(`import { column } from '@acme/shared';`), ...tree }),
    );
    expect(columnsOf(schema, 'teams')).toEqual(['tree']);
    expect([...schema.closure]).toContain('packages/shared/new.ts');
  });

  test('a workspace package whose entry is built, and so not committed, is taken from the disk', async () => {
    const manifest = '{"name":"@acme/shared","main":"dist/index.js"}';
    await writeFiles(top, {
      'packages/shared/package.json': manifest,
      'packages/shared/dist/index.js': 'exports.column = "built";',
    });
    const schema = await look({
      'src/schema.ts': importing(`import { column } from '@acme/shared';`),
      'packages/shared/package.json': manifest,
    });
    expect(columnsOf(schema, 'teams')).toEqual(['built']);
  });

  test('a path that was tried and not found is reported, so that its appearing is noticed', async () => {
    const schema = readable(
      await look({
        'src/schema.ts': importing(`import { column } from './column.js';`),
        'src/column.js': 'exports.column = "js";',
      }),
    );
    expect(schema.consulted).toContain('src/column.ts');
    expect(schema.consulted).toContain('tsconfig.json');
  });

  test('tables that an index file exports again count once', async () => {
    const files = {
      'src/teams.ts': importing('const column = "it";'),
      'src/index.ts': `export * from './teams';\nexport { teams as also } from './teams';\n`,
    };
    const schema = readable(
      await evaluate(top, worker, files, projectOf('sqlite', ['src/index.ts', 'src/teams.ts'])),
    );
    expect(columnsOf(schema, 'teams')).toEqual(['it']);
  });

  test('a symlink of the tree', async () => {
    const plain = memoryTree({
      'src/schema.ts': importing(`import { column } from './link/column';`),
      'real/column.ts': 'export const column = "linked";',
      'src/link': '../real',
    });
    const entries = new Map(
      [...(await plain.entries())].map(
        ([path, entry]) =>
          [path, path === 'src/link' ? { ...entry, mode: '120000' } : entry] as const,
      ),
    );
    const schema = readable(
      await evaluate(
        top,
        worker,
        { ...plain, entries: async () => entries },
        projectOf('sqlite', ['src/schema.ts']),
      ),
    );
    expect(columnsOf(schema, 'teams')).toEqual(['linked']);
    expect([...schema.closure].sort()).toEqual(['real/column.ts', 'src/schema.ts']);
  });
});

describe('what it cannot follow', () => {
  test('a missing import names the file, the line and the way there', async () => {
    const schema = unreadable(
      await look({
        'src/schema.ts': `export * from './teams';\n`,
        'src/teams.ts': `export const a = 1;\nexport { b } from './gone';\n`,
      }),
    );
    expect(schema).toMatchObject({
      path: 'src/teams.ts',
      line: 2,
      chain: ['src/schema.ts', 'src/teams.ts'],
      message: `imports "./gone", which does not exist`,
    });
    expect([...schema.consulted]).toContain('src/gone.ts');
  });

  test.each<readonly [string, string, string, Files]>([
    [
      'a part that a package exports for import alone',
      'esm-dep/sub',
      'imports "esm-dep/sub", which node_modules/esm-dep/package.json does not export for require',
      {},
    ],
    [
      'what a linked package of the workspace exports for import alone',
      '@acme/shared',
      'imports "@acme/shared", which packages/shared/package.json does not export for require',
      {
        'packages/shared/package.json':
          '{"name":"@acme/shared","exports":{"import":"./src/index.ts"}}',
        'packages/shared/src/index.ts': 'export const column = "it";',
      },
    ],
    [
      'what no linked package exports',
      '@acme/shared/column',
      'imports "@acme/shared/column", which packages/shared/package.json does not export',
      {
        'packages/shared/package.json': '{"name":"@acme/shared","exports":"./index.ts"}',
        'packages/shared/column.ts': 'export const column = "it";',
      },
    ],
    [
      'an alias that the tsconfig of another package has',
      '@acme/shared',
      'imports "@/column", which is no alias of the tsconfig in the folder where drizzle-kit is run',
      {
        'tsconfig.json': '{}',
        'packages/shared/package.json': '{"name":"@acme/shared","main":"index.ts"}',
        'packages/shared/tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
        'packages/shared/index.ts': 'export * from "@/column";',
        'packages/shared/column.ts': 'export const column = "it";',
      },
    ],
    [
      'an import of the own package.json for import alone',
      '#column',
      'imports "#column", which no "imports" of its package.json defines for require',
      {
        'package.json': '{"imports":{"#column":{"import":"./src/column.ts"}}}',
        'src/column.ts': 'export const column = "it";',
      },
    ],
    [
      'the own package by its name, without exports',
      'shop/src/column',
      'imports "shop/src/column", which is neither installed',
      { 'package.json': '{"name":"shop"}', 'src/column.ts': 'export const column = "it";' },
    ],
    [
      'an extension that is not tried',
      './column',
      'imports "./column", which does not exist',
      { 'src/column.mts': 'export const column = "it";' },
    ],
  ])('%s', async (_, specifier, message, files) => {
    const schema = unreadable(
      await look({
        'src/schema.ts': importing(`import { column } from '${specifier}';`),
        ...files,
      }),
    );
    expect(schema.message).toContain(message);
  });

  test('a tsconfig with which drizzle-kit does not start', async () => {
    const schema = unreadable(
      await look({
        'src/schema.ts': importing('const column = "it";'),
        'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["src/*"]}}}',
      }),
    );
    expect(schema).toMatchObject({
      path: 'tsconfig.json',
      message:
        'maps "@/*" to "src/*", which has to start with "./" where there is no "baseUrl": drizzle-kit does not start with such a tsconfig',
    });
  });

  test('an import that only the disk has says so', async () => {
    await mkdir(dirname(join(top, 'src/loose.ts')), { recursive: true });
    await writeFile(join(top, 'src/loose.ts'), 'export const column = "loose";');
    const schema = unreadable(
      await look({ 'src/schema.ts': importing(`import { column } from './loose';`) }),
    );
    expect(schema.message).toBe('imports "./loose", which is in the working folder but not in git');
  });

  test('a syntax error names the file, the line and the way there', async () => {
    const schema = unreadable(
      await look({
        'src/schema.ts': `export * from './teams';\n`,
        'src/teams.ts': `export const a = 1;\nexport const b = = 2;\n`,
      }),
    );
    expect(schema).toMatchObject({
      path: 'src/teams.ts',
      line: 2,
      chain: ['src/schema.ts', 'src/teams.ts'],
      message: 'Unexpected "="',
    });
  });

  test('a schema file that is no code', async () => {
    const files = { 'src/a.ts': importing('const column = "it";'), 'src/notes.md': '# Tables' };
    const schema = unreadable(
      await evaluate(top, worker, files, projectOf('sqlite', ['src/a.ts', 'src/notes.md'])),
    );
    expect(schema).toMatchObject({ path: 'src/notes.md', chain: ['src/notes.md'] });
    expect(schema.line).toBeUndefined();
  });

  test('a text file', async () => {
    const schema = unreadable(
      await look({
        'src/schema.ts': importing(`import column from './column.sql';`),
        'src/column.sql': 'SELECT 1',
      }),
    );
    expect(schema).toMatchObject({
      path: 'src/schema.ts',
      line: 2,
      message: 'imports src/column.sql, which is not JavaScript: drizzle-kit cannot load it',
    });
  });

  test('a package that no package.json declares makes the schema unreadable', async () => {
    const schema = unreadable(
      await look({
        'src/schema.ts': importing(`import { column } from 'left-pad';`),
        'package.json': '{}',
      }),
    );
    expect(schema).toMatchObject({ path: 'src/schema.ts', line: 2 });
    expect(schema.message).toContain('neither installed nor declared');
  });

  test('a package that is declared and not installed is not', async () => {
    const files = {
      'src/schema.ts': importing(`import { column } from 'left-pad/sub';`),
      'package.json': '{"dependencies":{"left-pad":"^1.0.0"}}',
    };
    await expect(look(files)).rejects.toMatchObject({
      code: 'dependency-missing',
      help: ['Install the dependencies: npm install'],
    });
  });

  test('a dependency that lacks its own dependency is not', async () => {
    await expect(
      look({ 'src/schema.ts': importing(`import { column } from 'needy';`) }),
    ).rejects.toMatchObject({ code: 'dependency-missing' });
  });

  test('a schema of no file', async () => {
    const schema = unreadable(
      await evaluate(top, worker, {}, projectOf('sqlite', [], { schema: ['./src/*.ts'] })),
    );
    expect(schema).toMatchObject({
      path: 'drizzle.config.ts',
      message: 'no file that git records matches schema: "./src/*.ts"',
    });
  });
});

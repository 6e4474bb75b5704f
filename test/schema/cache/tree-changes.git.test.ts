import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorker } from '../../../src/schema/worker/host.ts';
import { scratch, writeFiles, type Files } from '../../support/drizzle-project.ts';
import { evaluate, projectOf } from '../../support/evaluation.ts';
import { lookAgain, settle, withoutId, treeOf, type Remembering } from './remembering.ts';

const GUARD_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-recall-');
  await writeFiles(join(top, 'node_modules'), {
    'dep/package.json': '{"name":"dep","version":"1.0.0","main":"main.js"}',
    'dep/main.js': 'exports.column = "from_dep";',
    '@acme/config/package.json': '{"name":"@acme/config","version":"1.0.0"}',
    '@acme/config/tsconfig.json': '{"compilerOptions":{}}',
  });
  for (const name of ['drizzle-orm', 'drizzle-kit'])
    await symlink(join(GUARD_MODULES, name), join(top, 'node_modules', name));
  await symlink('../../packages/shared', join(top, 'node_modules/@acme/shared'));
  await settle();
});

const remembering = async (): Promise<Remembering> => ({
  top,
  worker,
  commonDir: await scratch('drizzle-guard-store-'),
});
const HEAD = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n`;
/** A schema of one table with one column, whose name comes from an import. */
const importing = (line: string, value = 'column'): string =>
  `${HEAD}${line}\nexport const teams = sqliteTable('teams', { it: text(${value}) });\n`;
const from = (specifier: string): string => importing(`import { column } from '${specifier}';`);
const column = (name: string): string => `export const column = '${name}';\n`;
const PATHS = (paths: unknown): string => JSON.stringify({ compilerOptions: { paths } });

/**
 * A name; the schema's files; what is added to them or takes their place, undefined: is taken away.
 */
type Case = readonly [
  name: string,
  files: Files,
  change: Readonly<Record<string, string | undefined>>,
];

const CASES: readonly Case[] = [
  [
    'the schema itself',
    { 'src/schema.ts': importing(`const column = 'one';`) },
    { 'src/schema.ts': importing(`const column = 'two';`) },
  ],
  [
    'a file that it imports',
    { 'src/schema.ts': from('./column'), 'src/column.ts': column('one') },
    { 'src/column.ts': column('two') },
  ],
  [
    'a file that such a file imports',
    {
      'src/schema.ts': from('./near'),
      'src/near.ts': `export * from '../far/column';`,
      'far/column.ts': column('one'),
    },
    { 'far/column.ts': column('two') },
  ],
  [
    'a JSON file',
    {
      'src/schema.ts': importing(`import names from './names.json'; const { column } = names;`),
      'src/names.json': '{"column":"one"}',
    },
    { 'src/names.json': '{"column":"two"}' },
  ],
  [
    'a file that goes',
    {
      'src/schema.ts': from('./column'),
      'src/column.ts': column('one'),
      'src/column/index.ts': column('two'),
    },
    { 'src/column.ts': undefined },
  ],
  [
    'a file that goes for good',
    { 'src/schema.ts': from('./column'), 'src/column.ts': column('one') },
    { 'src/column.ts': undefined },
  ],
  [
    'a .ts beside the .js that is imported',
    { 'src/schema.ts': from('./column.js'), 'src/column.js': 'exports.column = "one";' },
    { 'src/column.ts': column('two') },
  ],
  [
    'a .ts beside a .tsx',
    { 'src/schema.ts': from('./column'), 'src/column.tsx': column('one') },
    { 'src/column.ts': column('two') },
  ],
  [
    'a file beside a folder with an index',
    { 'src/schema.ts': from('./column'), 'src/column/index.ts': column('one') },
    { 'src/column.ts': column('two') },
  ],
  [
    'a package.json in a folder that is imported',
    {
      'src/schema.ts': from('./names'),
      'src/names/index.ts': column('one'),
      'src/names/other.ts': column('two'),
    },
    { 'src/names/package.json': '{"main":"./other.ts"}' },
  ],
  [
    'paths of the tsconfig',
    {
      'src/schema.ts': from('@/column'),
      'tsconfig.json': PATHS({ '@/*': ['./one/*'] }),
      'one/column.ts': column('one'),
      'two/column.ts': column('two'),
    },
    { 'tsconfig.json': PATHS({ '@/*': ['./two/*'] }) },
  ],
  [
    'a file where an alias leads first',
    {
      'src/schema.ts': from('@/column'),
      'tsconfig.json': PATHS({ '@/*': ['./one/*', './two/*'] }),
      'two/column.ts': column('two'),
    },
    { 'one/column.ts': column('one') },
  ],
  [
    'a folder where an alias leads first',
    {
      'src/schema.ts': from('@/column'),
      'tsconfig.json': PATHS({ '@/*': ['./one/*', './two/*'] }),
      'two/column.ts': column('two'),
    },
    { 'one/column/index.ts': column('one') },
  ],
  [
    'a package of a folder where an alias leads first',
    {
      'src/schema.ts': from('@/column'),
      'tsconfig.json': PATHS({ '@/*': ['./one/*', './two/*'] }),
      'two/column.ts': column('two'),
    },
    { 'one/column/package.json': '{"main":"it.ts"}', 'one/column/it.ts': column('one') },
  ],
  [
    'a tsconfig that appears',
    { 'src/schema.ts': from('dep'), 'mine.ts': column('mine') },
    { 'tsconfig.json': PATHS({ dep: ['./mine.ts'] }) },
  ],
  [
    'a tsconfig of the base folder that appears',
    { 'packages/db/src/schema.ts': from('dep'), 'tsconfig.json': '{}', 'mine.ts': column('mine') },
    { 'packages/db/tsconfig.json': PATHS({ dep: ['../../mine.ts'] }) },
  ],
  [
    'a file below baseUrl with the name of a package',
    { 'src/schema.ts': from('dep'), 'tsconfig.json': '{"compilerOptions":{"baseUrl":"src"}}' },
    { 'src/dep.ts': column('mine') },
  ],
  [
    'a JavaScript file below baseUrl with the name of a package',
    { 'src/schema.ts': from('dep'), 'tsconfig.json': '{"compilerOptions":{"baseUrl":"src"}}' },
    { 'src/dep.js': `exports.column = 'mine';` },
  ],
  [
    'a folder below baseUrl with the name of a package',
    { 'src/schema.ts': from('dep'), 'tsconfig.json': '{"compilerOptions":{"baseUrl":"src"}}' },
    { 'src/dep/index.ts': column('mine') },
  ],
  [
    'a file below baseUrl for a part of a package',
    {
      'src/schema.ts': from('dep/main.js'),
      'tsconfig.json': '{"compilerOptions":{"baseUrl":"src"}}',
    },
    { 'src/dep/main.ts': column('mine') },
  ],
  [
    'an extended tsconfig',
    {
      'src/schema.ts': from('~/column'),
      'tsconfig.json': '{"extends":"./base"}',
      'base.json': PATHS({ '~/*': ['./one/*'] }),
      'one/column.ts': column('one'),
      'two/column.ts': column('two'),
    },
    { 'base.json': PATHS({ '~/*': ['./two/*'] }) },
  ],
  [
    'an extended tsconfig that was missing',
    {
      'src/schema.ts': from('dep'),
      'tsconfig.json': '{"extends":"./base"}',
      'mine.ts': column('mine'),
    },
    { 'base.json': PATHS({ dep: ['./mine.ts'] }) },
  ],
  [
    'an option of the tsconfig',
    {
      'src/schema.ts': importing(
        `let column = 'defined'; class Base { set it(_: string) { column = 'assigned'; } } class Sub extends Base { it = ''; } new Sub();`,
      ),
      'tsconfig.json': '{}',
    },
    { 'tsconfig.json': '{"compilerOptions":{"useDefineForClassFields":false}}' },
  ],
  [
    'imports of package.json',
    {
      'src/schema.ts': from('#column'),
      'package.json': '{"imports":{"#column":"./one.ts"}}',
      'one.ts': column('one'),
      'two.ts': column('two'),
    },
    { 'package.json': '{"imports":{"#column":"./two.ts"}}' },
  ],
  [
    'a nearer package.json with imports',
    {
      'src/schema.ts': from('#column'),
      'package.json': '{"imports":{"#column":"./one.ts"}}',
      'one.ts': column('one'),
      'src/two.ts': column('two'),
    },
    { 'src/package.json': '{"imports":{"#column":"./two.ts"}}' },
  ],
  [
    "the package's own exports",
    {
      'src/schema.ts': from('shop/column'),
      'package.json': '{"name":"shop","exports":{"./column":"./one.ts"}}',
      'one.ts': column('one'),
      'two.ts': column('two'),
    },
    { 'package.json': '{"name":"shop","exports":{"./column":"./two.ts"}}' },
  ],
  [
    'exports of a linked workspace package',
    {
      'src/schema.ts': from('@acme/shared'),
      'packages/shared/package.json': '{"name":"@acme/shared","exports":"./one.ts"}',
      'packages/shared/one.ts': column('one'),
      'packages/shared/two.ts': column('two'),
    },
    { 'packages/shared/package.json': '{"name":"@acme/shared","exports":"./two.ts"}' },
  ],
  [
    'a file of a linked workspace package',
    {
      'src/schema.ts': from('@acme/shared'),
      'packages/shared/package.json': '{"name":"@acme/shared","exports":"./one.ts"}',
      'packages/shared/one.ts': column('one'),
    },
    { 'packages/shared/one.ts': column('two') },
  ],
  [
    'a file that shadows another in a linked workspace package',
    {
      'src/schema.ts': from('@acme/shared/column'),
      'packages/shared/package.json': '{"name":"@acme/shared"}',
      'packages/shared/column.tsx': column('one'),
    },
    { 'packages/shared/column.ts': column('two') },
  ],
  [
    'main of a linked workspace package',
    {
      'src/schema.ts': from('@acme/shared'),
      'packages/shared/package.json': '{"name":"@acme/shared"}',
      'packages/shared/index.ts': column('one'),
      'packages/shared/two.ts': column('two'),
    },
    { 'packages/shared/package.json': '{"name":"@acme/shared","main":"./two.ts"}' },
  ],
  [
    'main of a workspace package that is not linked',
    {
      'src/schema.ts': from('@acme/fresh'),
      'libs/fresh/package.json': '{"name":"@acme/fresh","main":"one.ts"}',
      'libs/fresh/one.ts': column('one'),
      'libs/fresh/two.ts': column('two'),
    },
    { 'libs/fresh/package.json': '{"name":"@acme/fresh","main":"two.ts"}' },
  ],
  [
    'a package that takes the name of one that is not linked',
    {
      'libs/x/package.json': '{"name":"other"}',
      'libs/x/index.ts': column('two'),
      'src/schema.ts': from('@acme/fresh'),
      'libs/y/package.json': '{"name":"@acme/fresh"}',
      'libs/y/index.ts': column('one'),
    },
    { 'libs/x/package.json': '{"name":"@acme/fresh"}' },
  ],
  [
    'where a symlink leads',
    {
      'src/schema.ts': from('./link/column'),
      'src/link': '-> ../one',
      'one/column.ts': column('one'),
      'two/column.ts': column('two'),
    },
    { 'src/link': '-> ../two' },
  ],
  [
    'where a symlink behind a symlink leads',
    {
      'src/schema.ts': from('./link/column'),
      'src/link': '-> ../via',
      via: '-> one',
      'one/column.ts': column('one'),
      'two/column.ts': column('two'),
    },
    { via: '-> two' },
  ],
  [
    'where a symlink of one file leads',
    {
      'src/schema.ts': from('./column'),
      'src/column.ts': '-> ../one.ts',
      'one.ts': column('one'),
      'two.ts': column('two'),
    },
    { 'src/column.ts': '-> ../two.ts' },
  ],
  [
    'what a broken symlink leads to',
    {
      'src/schema.ts': from('@/column'),
      'tsconfig.json': PATHS({ '@/*': ['./one/*', './two/*'] }),
      one: '-> later',
      'two/column.ts': column('two'),
    },
    { 'later/column.ts': column('one') },
  ],
  [
    'a folder that becomes a symlink',
    {
      'src/schema.ts': from('./names/column'),
      'src/names/column.ts': column('one'),
      'two/column.ts': column('two'),
    },
    { 'src/names/column.ts': undefined, 'src/names': '-> ../two' },
  ],
  [
    'a file that may be missing',
    {
      'src/schema.ts': importing(
        `let column = 'none'; try { ({ column } = require('./local')); } catch {}`,
      ),
    },
    { 'src/local.ts': column('local') },
  ],
  [
    'a file that may be missing, with an extension of its own',
    {
      'src/schema.ts': importing(
        `let column = 'none'; try { ({ column } = require('./local')); } catch {}`,
      ),
    },
    { 'src/local.jsx': `exports.column = 'local';` },
  ],
  [
    'a package of the repository that may be missing',
    {
      'src/schema.ts': importing(
        `let column = 'none'; try { ({ column } = require('@acme/later')); } catch {}`,
      ),
    },
    {
      'libs/later/package.json': '{"name":"@acme/later","main":"it.ts"}',
      'libs/later/it.ts': column('later'),
    },
  ],
];

describe('a change is noticed of', () => {
  test.each(CASES)('%s', async (_, files, change) => {
    const run = await remembering();
    const schemaFile = Object.keys(files).find((path) => path.endsWith('schema.ts')) ?? '';
    const project = projectOf('sqlite', [schemaFile], {
      base: schemaFile.startsWith('packages/db/') ? 'packages/db' : '',
    });
    const first = await lookAgain(run, files, project);
    expect(first).toMatchObject({
      evaluated: true,
      uncacheableBecause: [],
      schema: { status: 'ok' },
    });
    const second = await lookAgain(run, files, project);
    expect(second.evaluated).toBe(false);
    expect(second.schema).toEqual(first.schema);
    const kept = Object.entries({ ...files, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const changed = Object.fromEntries(kept);
    const truth = withoutId(await evaluate(top, worker, treeOf(changed), project));
    const third = await lookAgain(run, changed, project);
    expect(withoutId(third.schema)).toEqual(truth);
    expect(third.evaluated).toBe(true);
    expect(truth).not.toEqual(withoutId(first.schema));
    expect(await lookAgain(run, files, project)).toMatchObject({
      evaluated: false,
      schema: first.schema,
    });
  });
});

describe('nothing is evaluated again', () => {
  test('for a file that nobody imports, a comment elsewhere, or another migration', async () => {
    const run = await remembering();
    const files = {
      'src/schema.ts': from('./column'),
      'src/column.ts': column('one'),
      'src/other.ts': 'export {};',
    };
    const project = projectOf('sqlite', ['src/schema.ts']);
    expect((await lookAgain(run, files, project)).evaluated).toBe(true);
    const more = {
      ...files,
      'src/other.ts': '// changed',
      'src/another.ts': '',
      'drizzle/0001.sql': 'SELECT 1;',
      'README.md': '',
    };
    expect((await lookAgain(run, more, project)).evaluated).toBe(false);
  });

  test('for a state that there was before the last one', async () => {
    const run = await remembering();
    const project = projectOf('sqlite', ['src/schema.ts']);
    const state = (name: string): Files => ({
      'src/schema.ts': from('./column'),
      'src/column.ts': column(name),
    });
    for (const name of ['a', 'b', 'c'])
      expect((await lookAgain(run, state(name), project)).evaluated).toBe(true);
    for (const name of ['b', 'a', 'c'])
      expect((await lookAgain(run, state(name), project)).evaluated).toBe(false);
  });

  test('another list of schema files, another dialect, another casing: each is a question of its own', async () => {
    const run = await remembering();
    const files = {
      'src/a.ts': importing(`const column = 'a';`),
      'src/b.ts': importing(`const column = 'b';`).replaceAll('teams', 'others'),
    };
    const projects = [
      projectOf('sqlite', ['src/a.ts']),
      projectOf('sqlite', ['src/b.ts']),
      projectOf('sqlite', ['src/a.ts', 'src/b.ts']),
      projectOf('turso', ['src/a.ts']),
      projectOf('sqlite', ['src/a.ts'], { casing: 'snake_case' }),
    ];
    for (const project of projects)
      expect(await lookAgain(run, files, project)).toMatchObject({
        evaluated: true,
        uncacheableBecause: [],
      });
    for (const project of projects)
      expect((await lookAgain(run, files, project)).evaluated).toBe(false);
  });
});

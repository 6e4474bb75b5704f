import { describe, expect, test } from 'vitest';
import { discoverProjects, type Discovered } from '../../src/project/discover.ts';
import type { GuardConfig } from '../../src/project/guard-config.ts';
import type { Literals, LiteralsMemory } from '../../src/project/config/literals.ts';
import type { Evaluate } from '../../src/project/kit-environment.ts';
import { memoryTree } from '../support/memory-tree.ts';

const JOURNAL = '{"version":"7","dialect":"postgresql","entries":[]}';
const never: Evaluate = async (path) => {
  throw new Error(`${path} was to be read without running it`);
};

function discover(
  files: Record<string, string>,
  options: { guardConfig?: GuardConfig; evaluate?: Evaluate; memory?: LiteralsMemory } = {},
): Promise<Discovered> {
  return discoverProjects(memoryTree(files), { top: '/repo', evaluate: never, ...options });
}

const config = (schema: string, out = './drizzle', more = ''): string =>
  `export default { dialect: 'postgresql', schema: '${schema}', out: '${out}', ${more} };`;
const scripts = (all: Record<string, string>): string =>
  JSON.stringify({ name: 'pkg', scripts: all });

test('one config at the top', async () => {
  const { projects, unreadable } = await discover({
    'package.json': scripts({ 'db:generate': 'drizzle-kit generate' }),
    'drizzle.config.ts': config(
      './src/schema.ts',
      './drizzle',
      `casing: 'snake_case', breakpoints: false, migrations: { prefix: 'timestamp' }`,
    ),
    'src/schema.ts': '',
    'drizzle/meta/_journal.json': JOURNAL,
  });
  expect(unreadable).toEqual([]);
  expect(projects).toEqual([
    {
      config: 'drizzle.config.ts',
      name: 'drizzle.config.ts',
      alsoConfigs: [],
      dialect: 'postgresql',
      schema: ['./src/schema.ts'],
      schemaFiles: ['src/schema.ts'],
      base: '',
      out: 'drizzle',
      casing: 'snake_case',
      breakpoints: false,
      prefix: 'timestamp',
      readAs: 'literals',
      environment: {
        variables: {},
        files: [],
        conditions: [],
        npm: {
          npm_lifecycle_event: 'db:generate',
          npm_lifecycle_script: 'drizzle-kit generate',
          npm_package_name: 'pkg',
        },
      },
    },
  ]);
});

describe('which files are configs', () => {
  test.each([
    'drizzle.config.mts',
    'drizzle.config.cjs',
    'drizzle-admin.config.ts',
    'drizzle.config.pglite.ts',
    'drizzle.do.config.ts',
    'apps/web/drizzle.config.mjs',
  ])('%s', async (path) => {
    const text = path.endsWith('.cjs')
      ? `module.exports = { dialect: 'sqlite', schema: 's.ts' }`
      : config('s.ts');
    expect((await discover({ [path]: text })).projects.map((it) => it.config)).toEqual([path]);
  });
  test.each([
    'node_modules/x/drizzle.config.ts',
    'packages/a/node_modules/x/drizzle.config.ts',
    'drizzle.config.d.ts',
    'drizzle.config.ts.tpl',
    'my-drizzle.config.ts',
    'drizzle.config.yaml',
  ])('not %s', async (path) => {
    expect((await discover({ [path]: config('s.ts') })).projects).toEqual([]);
  });
  test('a test beside a config exports nothing and is none', async () => {
    const found = await discover({
      'drizzle.config.ts': config('s.ts'),
      'drizzle.config.test.ts': `test('x', () => {})`,
    });
    expect([found.projects.length, found.unreadable.length]).toEqual([1, 0]);
  });
  test('any file that a script hands to drizzle-kit', async () => {
    const found = await discover({
      'package.json': scripts({
        gen: 'dotenv -- drizzle-kit generate --config configs/sqlite.config.ts',
        other: 'drizzle-kit push --config=missing.ts',
      }),
      'configs/sqlite.config.ts': `export default { dialect: 'sqlite', schema: './src/schema.ts', out: './migrations' }`,
      'src/schema.ts': '',
    });
    expect(found.projects).toMatchObject([
      {
        config: 'configs/sqlite.config.ts',
        base: '',
        out: 'migrations',
        schemaFiles: ['src/schema.ts'],
      },
    ]);
  });
});

test('a tree without a project says where it was looked', async () => {
  const found = await discover({
    'package.json': '{}',
    'a/package.json': '{ "scripts": { "x": "drizzle-kit generate" } }',
    'b/package.json': '<<<<<<<',
    'src/a.ts': '',
  });
  expect(found).toEqual({
    projects: [],
    unreadable: [],
    pulling: [],
    notRun: [],
    lookedFor: [],
    looked:
      'looked for drizzle.config.* and drizzle*.config.* (ts, mts, cts, js, mjs, cjs, json) outside node_modules, and for drizzle-kit in the scripts of 3 package.json files',
  });
});

describe('the folder that paths are relative to', () => {
  const bases: Record<string, { files: Record<string, string>; expected: object }> = {
    "the config's own": {
      files: {
        'packages/db/drizzle.config.ts': config('./schema.ts'),
        'packages/db/schema.ts': '',
        'packages/db/package.json': '{}',
      },
      expected: { base: 'packages/db', out: 'packages/db/drizzle' },
    },
    "its nearest package.json's": {
      files: {
        'packages/db/src/drizzle.config.ts': config('./src/schema.ts'),
        'packages/db/src/schema.ts': '',
        'packages/db/package.json': '{}',
      },
      expected: { base: 'packages/db', out: 'packages/db/drizzle' },
    },
    'the top': {
      files: {
        'packages/db/drizzle.config.ts': config('./packages/db/schema.ts', './packages/db/out'),
        'packages/db/schema.ts': '',
        'packages/db/package.json': '{}',
      },
      expected: { base: '', out: 'packages/db/out' },
    },
    "another package's, reached with ..": {
      files: {
        'apps/sim/drizzle.config.ts': config(
          '../../packages/db/schema.ts',
          '../../packages/db/migrations',
        ),
        'packages/db/schema.ts': '',
      },
      expected: {
        base: 'apps/sim',
        out: 'packages/db/migrations',
        schemaFiles: ['packages/db/schema.ts'],
      },
    },
    'the one whose history is there, when the schema is found from both': {
      files: {
        'db/drizzle.config.ts': config('./schema.ts', './migrations'),
        'db/schema.ts': '',
        'schema.ts': '',
        'migrations/meta/_journal.json': JOURNAL,
      },
      expected: { base: '', out: 'migrations', schemaFiles: ['schema.ts'] },
    },
    'the one whose history is there, when the schema is gone': {
      files: {
        'db/drizzle.config.ts': config('./db/schema.ts', './db/out'),
        'db/out/meta/_journal.json': JOURNAL,
      },
      expected: { base: '', out: 'db/out', schemaFiles: [] },
    },
    "the script's, before the config's own": {
      files: {
        'package.json': scripts({ g: 'drizzle-kit generate --config db/drizzle.config.ts' }),
        'db/drizzle.config.ts': config('./schema.ts'),
        'db/schema.ts': '',
        'schema.ts': '',
      },
      expected: { base: '', schemaFiles: ['schema.ts'] },
    },
    'where the script changes to': {
      files: {
        'package.json': scripts({
          g: 'cd server && drizzle-kit generate --config db/drizzle.config.ts',
        }),
        'server/db/drizzle.config.ts': config('./schema.ts'),
        'server/db/schema.ts': '',
        'server/schema.ts': '',
      },
      expected: { base: 'server', out: 'server/drizzle' },
    },
    "a package's default config by its own script": {
      files: {
        'packages/db/package.json': scripts({ g: 'tsc && drizzle-kit generate' }),
        'packages/db/drizzle.config.ts': config('./dist/schema.js'),
        'packages/db/src/schema.ts': '',
      },
      expected: { base: 'packages/db', schemaFiles: [] },
    },
  };
  test.each(Object.entries(bases))('%s', async (_, { files, expected }) => {
    expect((await discover(files)).projects).toMatchObject([expected]);
  });
  test('out above the top from everywhere', async () => {
    const found = await discover({ 'a/drizzle.config.ts': config('./s.ts', '../../elsewhere') });
    expect(found).toMatchObject({
      projects: [],
      unreadable: [
        {
          config: 'a/drizzle.config.ts',
          message: '`out` (../../elsewhere) is outside the repository',
        },
      ],
    });
  });
});

describe('configs that have to be run', () => {
  const files = {
    'db/drizzle.config.ts': `import { resolve } from 'node:path'; export default { dialect: 'sqlite', schema: resolve('x') }`,
    'db/src/a.sql.ts': '',
    'db/src/b/c.sql.ts': '',
  };
  test('absolute paths below the top become repository paths', async () => {
    const value = {
      dialect: 'sqlite',
      schema: '/repo/db/src/**/*.sql.ts',
      out: '/repo/db/drizzle/',
      dbCredentials: { url: 'x' },
    };
    const { projects } = await discover(files, { evaluate: async () => ({ status: 'ok', value }) });
    expect(projects).toMatchObject([
      {
        out: 'db/drizzle',
        schemaFiles: ['db/src/a.sql.ts', 'db/src/b/c.sql.ts'],
        readAs: 'evaluated',
      },
    ]);
    expect(JSON.stringify(projects)).not.toContain('dbCredentials');
  });
  test('absolute paths elsewhere are refused', async () => {
    const value = { dialect: 'sqlite', schema: '/other/s.ts', out: '/other/drizzle' };
    const { unreadable } = await discover(files, {
      evaluate: async () => ({ status: 'ok', value }),
    });
    expect(unreadable).toEqual([
      {
        config: 'db/drizzle.config.ts',
        name: 'db/drizzle.config.ts',
        message: '`out` (/other/drizzle) is outside the repository',
      },
    ]);
  });
  test('one that throws keeps its message, line and detail', async () => {
    const { projects, unreadable } = await discover(files, {
      evaluate: async () => ({ status: 'unreadable', message: 'boom', line: 3, detail: 'at x' }),
    });
    expect([projects, unreadable]).toEqual([
      [],
      [
        {
          config: 'db/drizzle.config.ts',
          name: 'db/drizzle.config.ts',
          message: 'boom',
          line: 3,
          detail: 'at x',
        },
      ],
    ]);
  });
  test('a value that drizzle-kit refuses', async () => {
    const { unreadable } = await discover(files, {
      evaluate: async () => ({ status: 'ok', value: [] }),
    });
    expect(unreadable).toMatchObject([
      { message: 'the config is an array; drizzle-kit takes one object' },
    ]);
  });
});

describe('configs that cannot be read', () => {
  test('syntax errors (which evaluation describes), old ones and wrong ones, each on its own', async () => {
    const { projects, unreadable } = await discover(
      {
        'a/drizzle.config.ts': `export default {\n  dialect:: 'x' }`,
        'b/drizzle.config.ts': `export default { schema: './s.ts', driver: 'pg' } satisfies Config`,
        'c/drizzle.config.json': '{ "dialect": "oracle", "schema": 1 }',
        'd/drizzle.config.ts': config('./s.ts'),
        'docs/template/drizzle.config.ts': `export default { dialect: <%= dialect %> }`,
      },
      {
        evaluate: async (path) => ({
          status: 'unreadable',
          message: `${path} was evaluated`,
          line: 2,
        }),
      },
    );
    expect(projects.map((it) => it.config)).toEqual(['d/drizzle.config.ts']);
    expect(unreadable).toMatchObject([
      { config: 'a/drizzle.config.ts', message: 'a/drizzle.config.ts was evaluated', line: 2 },
      {
        config: 'b/drizzle.config.ts',
        message: 'no `dialect`: this config is for drizzle-kit before 0.21',
      },
      {
        config: 'c/drizzle.config.json',
        message:
          "`dialect` is 'oracle', not one of postgresql, mysql, sqlite, turso, singlestore, gel, mssql, cockroach; `schema` is a number, not a string or an array of strings",
      },
      {
        config: 'docs/template/drizzle.config.ts',
        message: 'docs/template/drizzle.config.ts was evaluated',
      },
    ]);
  });
  test('without a schema it serves pull only, unless it has a history or a script', async () => {
    const text = `export default { dialect: 'mysql', out: './drizzle' }`;
    expect(await discover({ 'drizzle.config.ts': text })).toMatchObject({
      projects: [],
      unreadable: [],
    });
    const refused = {
      projects: [],
      unreadable: [{ message: 'no `schema`: drizzle-kit generate needs one' }],
    };
    expect(
      await discover({ 'drizzle.config.ts': text, 'drizzle/meta/_journal.json': JOURNAL }),
    ).toMatchObject(refused);
    expect(
      await discover({
        'drizzle.config.ts': text,
        'package.json': scripts({ g: 'drizzle-kit generate' }),
      }),
    ).toMatchObject(refused);
  });
});

describe('several configs with one out', () => {
  test('the one that generates and is nearest speaks for the history', async () => {
    const { projects } = await discover({
      'apps/sim/drizzle.config.ts': config(
        '../../packages/db/schema.ts',
        '../../packages/db/migrations',
      ),
      'packages/db/drizzle.config.ts': config('./schema.ts', './migrations'),
      'packages/db/schema.ts': '',
      'packages/db/migrations/meta/_journal.json': JOURNAL,
    });
    expect(projects).toMatchObject([
      { config: 'packages/db/drizzle.config.ts', alsoConfigs: ['apps/sim/drizzle.config.ts'] },
    ]);
  });
  test('the one whose schema is there comes first', async () => {
    const { projects } = await discover({
      'package.json': scripts({ g: 'drizzle-kit generate' }),
      'drizzle.config.ts': config('./dist/schema.js'),
      'drizzle.config.pglite.ts': config('./src/schema.ts'),
      'src/schema.ts': '',
    });
    expect(projects).toMatchObject([
      { config: 'drizzle.config.pglite.ts', alsoConfigs: ['drizzle.config.ts'] },
    ]);
  });
  test('then the one that a script generates with', async () => {
    const { projects } = await discover({
      'package.json': scripts({
        p: 'drizzle-kit push',
        g: 'drizzle-kit generate --config drizzle-docker.config.ts',
      }),
      'drizzle.config.ts': config('./s.ts'),
      'drizzle-docker.config.ts': config('./s.ts'),
      's.ts': '',
    });
    expect(projects).toMatchObject([
      { config: 'drizzle-docker.config.ts', alsoConfigs: ['drizzle.config.ts'] },
    ]);
  });
  test('different folders stay different projects, by config', async () => {
    const { projects } = await discover({
      'drizzle.config.ts': config('./s.ts'),
      'drizzle.b.config.ts': config('./s.ts', './b'),
      's.ts': '',
    });
    expect(projects.map((it) => [it.config, it.out])).toEqual([
      ['drizzle.b.config.ts', 'b'],
      ['drizzle.config.ts', 'drizzle'],
    ]);
  });
});

describe("projects named by the guard's config", () => {
  const guardConfig: GuardConfig = {
    source: 'package.json',
    projects: ['b/my.config.ts'],
    rules: {},
    allow: [],
  };
  test('are the only ones', async () => {
    const found = await discover(
      { 'drizzle.config.ts': config('./s.ts'), 'b/my.config.ts': config('./s.ts') },
      { guardConfig },
    );
    expect(found.projects.map((it) => it.config)).toEqual(['b/my.config.ts']);
    expect(found.looked).toBe('looked at the projects that package.json names');
  });
  test('and must be configs', async () => {
    const found = await discover({ 'b/my.config.ts': 'const x = 1' }, { guardConfig });
    expect(found.unreadable).toEqual([
      { config: 'b/my.config.ts', name: 'b/my.config.ts', message: 'it exports no config' },
    ]);
  });
});

test('ten thousand paths take one read, and a config known by content is not read again', async () => {
  const files: Record<string, string> = {
    'drizzle.config.ts': config('./src/db/schema.ts'),
    'src/db/schema.ts': '',
    'package.json': scripts({ g: 'drizzle-kit generate' }),
  };
  for (let index = 0; index < 10_000; index++)
    files[`apps/a${index % 100}/src/components/c${index}.ts`] = '';
  for (let index = 0; index < 100; index++)
    files[`apps/a${index}/package.json`] = '{ "scripts": { "dev": "next dev" } }';
  const tree = memoryTree(files);
  const reads: string[][] = [];
  const counted = {
    ...tree,
    read: async (paths: Iterable<string>) => (reads.push([...paths]), tree.read(reads.at(-1)!)),
  };
  const memory = new Map<string, Literals>();
  const options = { top: '/repo', evaluate: never, memory };
  await discoverProjects(counted, options);
  expect(reads.map((paths) => paths.length)).toEqual([102]);
  const [[key] = []] = [...memory];
  memory.set(key!, { status: 'invalid', message: 'remembered' });
  expect((await discoverProjects(counted, options)).unreadable).toMatchObject([
    { message: 'remembered' },
  ]);
});

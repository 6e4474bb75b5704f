import { describe, expect, test } from 'vitest';
import { foldersOf } from '../../src/project/files/folders.ts';
import { globTree } from '../../src/project/files/glob.ts';
import { schemaFilesOf } from '../../src/project/files/schema-files.ts';
import { memoryTree } from '../support/memory-tree.ts';

const FILES = [
  'src/db/schema.ts',
  'src/db/auth-schema.ts',
  'src/db/Auth.ts',
  'src/db/auth.ts',
  'src/db/_x.ts',
  'src/db/10.ts',
  'src/db/2.ts',
  'src/db/s.mts',
  'src/db/schema.js',
  'src/db/schema/a.ts',
  'src/db/schema/b.ts',
  'src/db/schema/.hid.ts',
  'src/db/schema/a.test.ts',
  'src/db/schema/deep/c.ts',
  'src/.dot/x.ts',
  'src/(auth)/schema.ts',
  'src/[slug]/schema.ts',
  'src/s/schema.ts',
  'packages/a/src/defs.ts',
  'packages/b/src/defs.ts',
  'packages/b/src/defs.tsx',
  'x.ts',
  'lib/é.ts',
  'lib/z.ts',
  'lib/a b.ts',
];

const folders = foldersOf(
  await memoryTree(Object.fromEntries(FILES.map((path) => [path, '']))).entries(),
);

/**
 * Recorded from `glob.sync` of glob 8.1.0, the version that drizzle-kit 0.31.11 bundles, over these
 * very files.
 */
const GLOBBED: Record<string, string[]> = {
  './src/db/schema.ts': ['./src/db/schema.ts'],
  './src/db/schema/': ['./src/db/schema/'],
  'src/db/*.ts': [
    'src/db/_x.ts',
    'src/db/10.ts',
    'src/db/2.ts',
    'src/db/auth-schema.ts',
    'src/db/auth.ts',
    'src/db/Auth.ts',
    'src/db/schema.ts',
  ],
  './src/db/*': [
    './src/db/_x.ts',
    './src/db/10.ts',
    './src/db/2.ts',
    './src/db/auth-schema.ts',
    './src/db/auth.ts',
    './src/db/Auth.ts',
    './src/db/s.mts',
    './src/db/schema',
    './src/db/schema.js',
    './src/db/schema.ts',
  ],
  './src/**/schema.ts': [
    './src/(auth)/schema.ts',
    './src/[slug]/schema.ts',
    './src/db/schema.ts',
    './src/s/schema.ts',
  ],
  'src/db/schema/**': [
    'src/db/schema',
    'src/db/schema/a.test.ts',
    'src/db/schema/a.ts',
    'src/db/schema/b.ts',
    'src/db/schema/deep',
    'src/db/schema/deep/c.ts',
  ],
  '**/defs.ts': ['packages/a/src/defs.ts', 'packages/b/src/defs.ts'],
  'src/(auth)/*.ts': ['src/(auth)/schema.ts'],
  'src/[slug]/schema.ts': ['src/s/schema.ts'],
  'src/\\[slug\\]/schema.ts': ['src/[slug]/schema.ts'],
  'src/{db,s}/schema.ts': ['src/db/schema.ts', 'src/s/schema.ts'],
  'src/db/schema/!(*.test).ts': ['src/db/schema/a.ts', 'src/db/schema/b.ts'],
  'src/db/!(auth).ts': [
    'src/db/_x.ts',
    'src/db/10.ts',
    'src/db/2.ts',
    'src/db/auth-schema.ts',
    'src/db/Auth.ts',
    'src/db/schema.ts',
  ],
  'src/db/@(auth|schema).@(ts|js)': ['src/db/auth.ts', 'src/db/schema.js', 'src/db/schema.ts'],
  'src/db/[!a]*.ts': [
    'src/db/_x.ts',
    'src/db/10.ts',
    'src/db/2.ts',
    'src/db/Auth.ts',
    'src/db/schema.ts',
  ],
  'src/db/*.?(m)ts': [
    'src/db/_x.ts',
    'src/db/10.ts',
    'src/db/2.ts',
    'src/db/auth-schema.ts',
    'src/db/auth.ts',
    'src/db/Auth.ts',
    'src/db/s.mts',
    'src/db/schema.ts',
  ],
  'src/.*/x.ts': ['src/.dot/x.ts'],
  'src/db/schema/.*': ['src/db/schema/.hid.ts'],
  'packages/**/defs.*': [
    'packages/a/src/defs.ts',
    'packages/b/src/defs.ts',
    'packages/b/src/defs.tsx',
  ],
  'src//db///schema.ts': ['src/db/schema.ts'],
  'src/*/': ['src/(auth)/', 'src/[slug]/', 'src/db/', 'src/s/'],
  'lib/*': ['lib/a b.ts', 'lib/é.ts', 'lib/z.ts'],
  '**': [
    'lib',
    'lib/a b.ts',
    'lib/é.ts',
    'lib/z.ts',
    'packages',
    'packages/a',
    'packages/a/src',
    'packages/a/src/defs.ts',
    'packages/b',
    'packages/b/src',
    'packages/b/src/defs.ts',
    'packages/b/src/defs.tsx',
    'src',
    'src/(auth)',
    'src/(auth)/schema.ts',
    'src/[slug]',
    'src/[slug]/schema.ts',
    'src/db',
    'src/db/_x.ts',
    'src/db/10.ts',
    'src/db/2.ts',
    'src/db/auth-schema.ts',
    'src/db/auth.ts',
    'src/db/Auth.ts',
    'src/db/s.mts',
    'src/db/schema',
    'src/db/schema.js',
    'src/db/schema.ts',
    'src/db/schema/a.test.ts',
    'src/db/schema/a.ts',
    'src/db/schema/b.ts',
    'src/db/schema/deep',
    'src/db/schema/deep/c.ts',
    'src/s',
    'src/s/schema.ts',
    'x.ts',
  ],
  'src/{db,s{,x}}/{schema,a*}.ts': [
    'src/db/auth-schema.ts',
    'src/db/auth.ts',
    'src/db/schema.ts',
    'src/s/schema.ts',
  ],
  'src/db/{1..12}.ts': ['src/db/10.ts', 'src/db/2.ts'],
  'src/../x.ts': ['src/../x.ts'],
  '!x.ts': [],
};

describe('a pattern gives what glob 8.1.0 gives, in its order', () => {
  test.each(Object.entries(GLOBBED))('%s', async (pattern, matches) => {
    expect(await globTree(pattern, '', folders)).toEqual(matches);
  });
});

const filesOf = (patterns: string[], base = ''): Promise<string[]> =>
  schemaFilesOf(patterns, base, folders, '/repo');

describe('schema files', () => {
  test('a folder means its direct files by bytes, dotfiles included', async () => {
    expect(await filesOf(['./src/db/schema'])).toEqual([
      'src/db/schema/.hid.ts',
      'src/db/schema/a.test.ts',
      'src/db/schema/a.ts',
      'src/db/schema/b.ts',
    ]);
    expect(await filesOf(['./src/db/schema/'])).toHaveLength(4);
    expect(await filesOf(['./schema'], 'src/db')).toHaveLength(4);
  });
  test('patterns in turn, each file once', async () => {
    expect(
      await filesOf(['./src/db/schema.ts', './src/db/a*.ts', './x.ts', 'src/db/auth.ts']),
    ).toEqual(['src/db/schema.ts', 'src/db/auth-schema.ts', 'src/db/auth.ts', 'x.ts']);
  });
  test('folders matched by a glob give their files in between', async () => {
    expect(await filesOf(['src/db/s*'])).toEqual([
      'src/db/s.mts',
      'src/db/schema/.hid.ts',
      'src/db/schema/a.test.ts',
      'src/db/schema/a.ts',
      'src/db/schema/b.ts',
      'src/db/schema.js',
      'src/db/schema.ts',
    ]);
  });
  test('up and down from a base', async () => {
    expect(await filesOf(['../../packages/*/src/defs.ts'], 'src/db')).toEqual([
      'packages/a/src/defs.ts',
      'packages/b/src/defs.ts',
    ]);
  });
  test('absolute paths below the top are repository paths', async () => {
    expect(
      await filesOf(['/repo/src/db/schema.ts', '/repo/packages/**/defs.ts', '/repo/'], 'elsewhere'),
    ).toEqual(['src/db/schema.ts', 'packages/a/src/defs.ts', 'packages/b/src/defs.ts', 'x.ts']);
    expect(await filesOf(['/repository/x.ts', '/x.ts', '/'])).toEqual([]);
  });
  test('what is above the top, or nowhere, or is empty matches nothing and does not crash', async () => {
    expect(
      await filesOf([
        '../x.ts',
        '../../**',
        './nothing.ts',
        '',
        './SRC/db/schema.ts',
        '[',
        '{',
        '!(',
        'C:\\x',
      ]),
    ).toEqual([]);
  });
  test('a submodule is no file', async () => {
    const entries = new Map([
      ['sub', { mode: '160000', oid: '1' }],
      ['a/s.ts', { mode: '100644', oid: '2' }],
    ]);
    expect(await schemaFilesOf(['sub', './*', 'a'], '', foldersOf(entries), '/repo')).toEqual([
      'a/s.ts',
    ]);
  });
  test('the name of a file needs no pass over the paths of the tree', async () => {
    const entries = new Map([['a/s.ts', { mode: '100644', oid: '2' }]]);
    Object.assign(entries, {
      [Symbol.iterator]: () => {
        throw new Error('listed');
      },
    });
    const files = schemaFilesOf(['./a/s.ts'], '', foldersOf(entries), '/repo');
    expect(await files).toEqual(['a/s.ts']);
    const inFolder = schemaFilesOf(['./a'], '', foldersOf(entries), '/repo');
    await expect(inFolder).rejects.toThrow('listed');
  });
});

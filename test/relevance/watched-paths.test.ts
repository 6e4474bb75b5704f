import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affects } from '../../src/relevance/affects.ts';
import { watchedPathsOf } from '../../src/relevance/watched-paths.ts';
import { CONCERNS_ALL } from '../../src/relevance/by-name.ts';
import expandBraces from 'brace-expansion';
import { isConfigName } from '../../src/project/config/config-names.ts';
import { foldersOf } from '../../src/project/files/folders.ts';
import { schemaFilesOf } from '../../src/project/files/schema-files.ts';

describe('the places of a schema pattern', () => {
  it.each([
    ['./src/schema.ts', '', [{ folder: 'src/schema.ts', ending: '' }]],
    ['./src/schema', 'packages/db', [{ folder: 'packages/db/src/schema', ending: '' }]],
    ['../shared/schema/', 'packages/db', [{ folder: 'packages/shared/schema', ending: '' }]],
    ['./src/**/*.table.ts', '', [{ folder: 'src', ending: '.table.ts' }]],
    ['./src/**/schema', '', [{ folder: 'src', ending: 'schema' }]],
    [
      './src/{a,b/c}.ts',
      '',
      [
        { folder: 'src/a.ts', ending: '' },
        { folder: 'src/b/c.ts', ending: '' },
      ],
    ],
    ['./src/(app)/schema.ts', '', [{ folder: 'src', ending: 'schema.ts' }]],
    ['./src/*/../../lib/*.ts', '', [{ folder: '', ending: '' }]],
    ['/anywhere/src/schema.ts', 'packages/db', [{ folder: '', ending: 'schema.ts' }]],
    ['/anywhere/src/*.ts', '', [{ folder: '', ending: '.ts' }]],
    ['./src/{1..9}{1..9}.ts', '', [{ folder: '', ending: '' }]],
  ])('%s from "%s"', (pattern, base, places) => {
    expect(watchedPathsOf(pattern, base)).toEqual(places);
  });

  it('hold every file that the pattern can ever match', async () => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(PATH, { minLength: 1, maxLength: 12 }),
        fc.oneof(ANY_PATTERN, PATTERN),
        fc.constantFrom('', 'a', 'a/db', 'src'),
        async (others, [pattern, hit], base) => {
          const paths =
            hit === undefined ? others : [...others, base === '' ? hit : `${base}/${hit}`];
          const entries = new Map(
            paths.map((path) => [path, { mode: '100644', oid: '0'.repeat(40) }] as const),
          );
          // The top of a repository is no schema folder: drizzle-kit would load package.json and
          // all that is beside it.
          fc.pre(!expandBraces(pattern).some((one) => /^\/top\/*$/.test(one)));
          const places = watchedPathsOf(pattern, base);
          for (const file of await schemaFilesOf([pattern], base, foldersOf(entries), '/top')) {
            matched += 1;
            if (!affects({ paths: [], watched: places }, [file]))
              throw new Error(`${file} is in none of ${JSON.stringify(places)}`);
          }
        },
      ),
      { numRuns: 5000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});

describe('what concerns every project', () => {
  it('is, among others, every file that could be a config by its name', () => {
    let configs = 0;
    const part = fc.constantFrom(
      'drizzle',
      'drizzle-admin',
      'drizzle.do',
      '.config',
      '.pglite',
      '.ts',
      '.mts',
      '.cjs',
      '.json',
      '.d',
      'apps/',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 6 }), (parts) => {
        const path = parts.join('');
        if (!isConfigName(path)) return true;
        configs += 1;
        return CONCERNS_ALL.test(path);
      }),
      { numRuns: 20_000 },
    );
    expect(configs).toBeGreaterThan(50);
  });
});

const NAME = fc.constantFrom(
  'a',
  'b',
  'db',
  'src',
  'schema',
  'schema.ts',
  'a.ts',
  'b.tsx',
  'teams.table.ts',
  'v1.0',
  '[id]',
  '(app)',
  '.hidden.ts',
  'x+y.ts',
  'index.js',
  'db.ts',
);
const PATH = fc.array(NAME, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const WILD = fc.constantFrom(
  '*',
  '**',
  '*.ts',
  '*.ts?(x)',
  '?.ts',
  '[ab].ts',
  '[!a].ts',
  '!(a).ts',
  '@(schema|db)',
  '+(a|b).ts',
  '{a,b}',
  '{schema,db}.ts',
  '{a,..}',
  '*.{ts,tsx}',
  '{1..3}',
  String.raw`\[id\]`,
  String.raw`*\.ts`,
  '(app)',
  '*.0',
  '*+y.ts',
  '.*',
  '**.ts',
  '..',
  '.',
  '',
);
const ANY_PATTERN = fc
  .tuple(
    fc.constantFrom('', './', '../', '/top/', '/top/a/', '../../'),
    fc.array(fc.oneof(NAME, WILD), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '/', '/**', '/.'),
  )
  .map(([before, names, after]): readonly [string, string | undefined] => [
    `${before}${names.join('/')}${after}`,
    undefined,
  ]);
/** A path with some of its names made wild, which it mostly still matches. */
const PATTERN = fc
  .tuple(
    fc.array(
      fc.tuple(NAME, fc.option(fc.oneof(WILD, fc.constantFrom('**', '*')), { nil: undefined })),
      { minLength: 1, maxLength: 4 },
    ),
    fc.constantFrom('', './', '/top/'),
  )
  .map(([names, before]): readonly [string, string | undefined] => [
    `${before}${names.map(([name, wild]) => wild ?? name).join('/')}`,
    names.map(([name]) => name).join('/'),
  ]);

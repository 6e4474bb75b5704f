import { expect, test } from 'vitest';
import { loadTsConfig, mappedPaths, nearestTsConfig } from '../../src/schema/modules/tsconfig.ts';
import type { Reads } from '../../src/schema/modules/tsconfig-layers.ts';

const reading = (
  files: Record<string, string>,
  asked: string[] = [],
  generated: Record<string, string | undefined> = {},
): Reads => ({
  text: async (path) => {
    asked.push(path);
    return files[path];
  },
  generated: async (path) => (path in generated ? { text: generated[path] } : undefined),
});

test('the nearest from a folder upwards; every candidate is read', async () => {
  const asked: string[] = [];
  const config = await nearestTsConfig(
    '/top',
    'a/b',
    reading({ '/top/tsconfig.json': '{}' }, asked),
  );
  expect(config?.path).toBe('/top/tsconfig.json');
  expect(asked).toEqual(['/top/a/b/tsconfig.json', '/top/a/tsconfig.json', '/top/tsconfig.json']);
  expect(await nearestTsConfig('/top', '', reading({}))).toBeUndefined();
});

test('one that is nested deeper than the stack is an error that names it', async () => {
  const text = `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  await expect(
    loadTsConfig('/top/tsconfig.json', reading({ '/top/tsconfig.json': text })),
  ).rejects.toMatchObject({
    code: 'evaluation-failed',
    message: '/top/tsconfig.json is nested too deeply to be read',
  });
});

test('extends: a list, a package; paths lie where they are written', async () => {
  const files = {
    '/top/app/tsconfig.json':
      '{"extends":["../base","@acme/ts/strict.json"],"compilerOptions":{"jsx":"preserve"}}',
    '/top/base.json':
      '{"compilerOptions":{"paths":{"@/*":["src/*"]},"jsx":"react","verbatimModuleSyntax":true}}',
    '/top/node_modules/@acme/ts/strict.json':
      '{"compilerOptions":{"experimentalDecorators":true,"baseUrl":"${configDir}/lib"}}',
  };
  const config = await loadTsConfig('/top/app/tsconfig.json', reading(files));
  expect(config?.compilerOptions).toEqual({
    jsx: 'preserve',
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
  });
  // The `baseUrl` that counts in the end, as in tsx.
  expect(mappedPaths(config!, '@/db/x')).toEqual(['/top/app/lib/src/db/x']);
  expect(mappedPaths(config!, 'db')).toEqual(['/top/app/lib/db']);
});

test('what a framework generates is extended, and named where it is not there', async () => {
  const files = { '/top/tsconfig.json': '{"extends":"./.svelte-kit/tsconfig.json"}' };
  const path = '/top/.svelte-kit/tsconfig.json';
  const made = await loadTsConfig(
    '/top/tsconfig.json',
    reading(files, [], { [path]: '{"compilerOptions":{"paths":{"$lib/*":["../src/lib/*"]}}}' }),
  );
  expect(made).not.toHaveProperty('notGenerated');
  expect(mappedPaths(made!, '$lib/x')).toEqual(['/top/src/lib/x']);
  const absent = await loadTsConfig(
    '/top/tsconfig.json',
    reading(files, [], { [path]: undefined }),
  );
  expect(absent).toMatchObject({ notGenerated: path });
});

test('an old target makes class fields what they were', async () => {
  const config = await loadTsConfig(
    '/t.json',
    reading({ '/t.json': '{"compilerOptions":{"target":"ES2017"}}' }),
  );
  expect(config?.compilerOptions).toEqual({ useDefineForClassFields: false });
});

test('the most specific pattern wins, an exact one above all', async () => {
  const config = await loadTsConfig(
    '/t.json',
    reading({
      '/t.json':
        '{"compilerOptions":{"paths":{"*":["./any/*"],"@/*":["./at/*"],"@/db/*":["./db/*","./db2/*"],"@/db/exact":["./exact.ts"]}}}',
    }),
  );
  expect(mappedPaths(config!, '@/db/x')).toEqual(['/db/x', '/db2/x']);
  expect(mappedPaths(config!, '@/db/exact')).toEqual(['/exact.ts']);
  expect(mappedPaths(config!, '@/x')).toEqual(['/at/x']);
  expect(mappedPaths(config!, 'x')).toEqual(['/any/x']);
});

test('it extends a package by its exports, or the file that its manifest names', async () => {
  const files = {
    '/top/tsconfig.json': '{"extends":["ts/strict","plain"]}',
    '/top/node_modules/ts/package.json': '{"exports":{"./strict":"./deep/strict.json"}}',
    '/top/node_modules/ts/deep/strict.json': '{"compilerOptions":{"baseUrl":"${configDir}/lib"}}',
    '/top/node_modules/plain/package.json': '{"tsconfig":"base.json"}',
    '/top/node_modules/plain/base.json': '{"compilerOptions":{"jsx":"react"}}',
  };
  const config = await loadTsConfig('/top/tsconfig.json', reading(files));
  expect(config).toMatchObject({ baseUrl: '/top/lib', compilerOptions: { jsx: 'react' } });
});

test.each([
  ['what is not there', '{"extends":"./gone"'],
  ['itself', '{"extends":"./tsconfig.json"'],
  ['what its package does not export', '{"extends":"ts/other"'],
])('one that extends %s has no options, as tsx goes on without them', async (_, start) => {
  const files = {
    '/top/tsconfig.json': `${start},"compilerOptions":{"baseUrl":".","allowJs":true}}`,
    '/top/node_modules/ts/package.json': '{"exports":{"./strict":"./strict.json"}}',
    '/top/node_modules/ts/other.json': '{}',
  };
  const config = await loadTsConfig('/top/tsconfig.json', reading(files));
  expect(config).toMatchObject({ paths: [], compilerOptions: {}, allowJs: false });
  expect(mappedPaths(config!, 'db')).toEqual([]);
});

test.each([
  ['{}', ['src/a.ts', 'src/b.tsx', 'c.mts'], ['src/a.js', 'node_modules/x/a.ts', 'src/.b/a.ts']],
  ['{"compilerOptions":{"checkJs":true}}', ['src/a.js', 'src/b.cjs'], ['src/a.min.js', 'a.json']],
  ['{"include":["src"]}', ['src/a.ts', 'src/deep/a.ts'], ['lib/a.ts', 'src.ts']],
  ['{"include":["src/*.ts"],"exclude":["src/b*"]}', ['src/a.ts'], ['src/b.ts', 'src/deep/a.ts']],
  ['{"files":["src/a.ts"]}', ['src/a.ts'], ['src/b.ts']],
  ['{"compilerOptions":{"outDir":"out"}}', ['src/a.ts'], ['out/a.ts']],
  ['{"extends":"./base/one.json"}', ['base/src/a.ts'], ['src/a.ts']],
])('%s is for these files and not for those', async (text, files, others) => {
  const base = '{"include":["src/**/*"]}';
  const config = await loadTsConfig(
    '/top/tsconfig.json',
    reading({ '/top/tsconfig.json': text, '/top/base/one.json': base }),
  );
  const taken = [...files, ...others].filter((path) => config?.compiles(`/top/${path}`));
  expect(taken).toEqual(files);
});

test.each([
  ['{"paths":{"@/*":["src/*"]}}', 'maps "@/*" to "src/*", which has to start with "./"'],
  ['{"paths":{"@/*":["./src/*/*"]}}', 'has more than one "*" in "./src/*/*" of "paths"'],
  ['{"paths":{"*/*":["./src/*"]}}', 'has more than one "*" in "*/*" of "paths"'],
  ['{"paths":{"@/*":["src/*","./x","/abs/*","${configDir}/y"]},"baseUrl":"."}', undefined],
  ['{"paths":{"@/*":["./x","..","/abs/*","${configDir}/y"]}}', undefined],
])('%s: tsx does not start (%s)', async (options, problem) => {
  const config = await loadTsConfig(
    '/t.json',
    reading({ '/t.json': `{"compilerOptions":${options}}` }),
  );
  expect(config?.problem ?? '').toContain(problem ?? '');
  expect(config?.problem === undefined).toBe(problem === undefined);
});

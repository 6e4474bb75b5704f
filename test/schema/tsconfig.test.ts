import { expect, test } from 'vitest';
import {
  loadTsConfig,
  mappedPaths,
  nearestTsConfig,
  type Reads,
} from '../../src/schema/bundle/tsconfig.ts';

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

test('extends: a list, a package, a loop; paths lie where they are written', async () => {
  const files = {
    '/top/app/tsconfig.json':
      '{"extends":["../base","@acme/ts/strict.json"],"compilerOptions":{"jsx":"preserve"}}',
    '/top/base.json':
      '{"extends":"./app/tsconfig.json","compilerOptions":{"paths":{"@/*":["src/*"]},"jsx":"react","verbatimModuleSyntax":true}}',
    '/top/node_modules/@acme/ts/strict.json':
      '{"compilerOptions":{"experimentalDecorators":true,"baseUrl":"${configDir}/lib"}}',
  };
  const config = await loadTsConfig('/top/app/tsconfig.json', reading(files));
  expect(config?.compilerOptions).toEqual({
    jsx: 'preserve',
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
  });
  expect(mappedPaths(config!, '@/db/x')).toEqual(['/top/src/db/x']);
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
        '{"compilerOptions":{"paths":{"*":["any/*"],"@/*":["at/*"],"@/db/*":["db/*","db2/*"],"@/db/exact":["exact.ts"]}}}',
    }),
  );
  expect(mappedPaths(config!, '@/db/x')).toEqual(['/db/x', '/db2/x']);
  expect(mappedPaths(config!, '@/db/exact')).toEqual(['/exact.ts']);
  expect(mappedPaths(config!, '@/x')).toEqual(['/at/x']);
  expect(mappedPaths(config!, 'x')).toEqual(['/any/x']);
});

import { describe, expect, test } from 'vitest';
import {
  declaredKit1,
  declaredKitVersion,
  declaredOlderKit1,
  minorOf,
} from '../../src/project/scripts/declared-kit-version.ts';
import { memoryTree } from '../support/memory-tree.ts';

const manifest = (range: string, name = 'db'): string =>
  JSON.stringify({ name, devDependencies: { 'drizzle-kit': range } });
const named = (files: Record<string, string>, base = '') =>
  declaredKitVersion(memoryTree(files), base);

/** What each package manager writes for drizzle-kit, cut out of real files. */
const NPM = `{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "devDependencies": { "drizzle-kit": "^0.30.4" } },
    "node_modules/drizzle-kit": {
      "version": "0.30.6",
      "resolved": "https://example.invalid/drizzle-kit-0.30.6.tgz"
    },
    "node_modules/drizzle-kit/node_modules/esbuild": {
      "version": "0.19.12"
    }
  }
}`;
const NPM_1 = `{
  "lockfileVersion": 1,
  "dependencies": {
    "drizzle-kit": {
      "version": "0.30.6",
      "requires": { "esbuild": "^0.19.7" }
    }
  }
}`;
const PNPM = `lockfileVersion: '9.0'

importers:

  .:
    devDependencies:
      typescript:
        specifier: ^5.0.0
        version: 5.9.3

packages:

  better-auth@1.6.25:
    peerDependencies:
      drizzle-kit: '>=0.31.4'

  drizzle-kit@0.30.6:
    resolution: {integrity: sha512-7OZ==}
    hasBin: true

snapshots:

  drizzle-kit@0.30.6:
    dependencies:
      esbuild: 0.19.12
`;
const YARN_1 = `drizzle-kit@^0.30.4:
  version "0.30.6"
  resolved "https://example.invalid/drizzle-kit-0.30.6.tgz#618"
  dependencies:
    esbuild "^0.19.7"
`;
const YARN = `"drizzle-kit@npm:^0.30.4":
  version: 0.30.6
  resolution: "drizzle-kit@npm:0.30.6"
  dependencies:
    esbuild: "npm:^0.19.7"
`;
const BUN = `{
  "lockfileVersion": 1,
  "workspaces": { "": { "devDependencies": { "drizzle-kit": "^0.30.4", }, }, },
  "packages": {
    "better-auth": ["better-auth@1.6.23", "", { "peerDependencies": { "drizzle-kit": ">=0.31.4" } }, "sha512-a=="],
    "drizzle-kit": ["drizzle-kit@0.30.6", "", { "dependencies": { "esbuild": "^0.19.7" } }, "sha512-b=="],
    "drizzle-kit/esbuild": ["esbuild@0.19.12", "", {}, "sha512-c=="],
  }
}`;

test.each([
  ['package-lock.json', NPM],
  ['package-lock.json', NPM_1],
  ['npm-shrinkwrap.json', NPM],
  ['pnpm-lock.yaml', PNPM],
  [
    'pnpm-lock.yaml',
    'lockfileVersion: 5.4\n\npackages:\n\n  /drizzle-kit/0.30.6_esbuild@0.19.12:\n    dev: true\n',
  ],
  ['yarn.lock', YARN_1],
  ['yarn.lock', YARN],
  ['bun.lock', BUN],
])('a %s names the version that is installed', async (path, text) => {
  expect(await named({ 'package.json': manifest('^0.31.0'), [path]: text })).toEqual({
    path,
    version: '0.30.6',
  });
  expect(
    await named({ 'package.json': manifest('^0.31.0'), [path]: text.replaceAll('\n', '\r\n') }),
  ).toEqual({ path, version: '0.30.6' });
});

describe('a workspace', () => {
  test('the lock file is above, and so may the package that wants drizzle-kit', async () => {
    expect(
      await named(
        {
          'package.json': manifest('^0.30.4'),
          'packages/db/package.json': '{}',
          'yarn.lock': YARN,
        },
        'packages/db',
      ),
    ).toEqual({ path: 'yarn.lock', version: '0.30.6' });
    expect(
      await named(
        { 'package.json': manifest('^0.30.4'), 'packages/db/package.json': '{}' },
        'packages/db',
      ),
    ).toEqual({ path: 'package.json', version: '^0.30.4' });
  });

  test('the nearest lock file that has drizzle-kit counts', async () => {
    const files = {
      'yarn.lock': YARN,
      'packages/db/package-lock.json': NPM.replaceAll('0.30.6', '0.31.2'),
      'packages/db/src/bun.lock': '{}',
    };
    expect(await named(files, 'packages/db/src')).toEqual({
      path: 'packages/db/package-lock.json',
      version: '0.31.2',
    });
  });

  test.each<[string, string]>([
    [
      'package-lock.json',
      NPM.replace(
        '"node_modules/drizzle-kit": {',
        '"packages/db/node_modules/drizzle-kit": { "version": "0.31.2" },\n    "node_modules/drizzle-kit": {',
      ),
    ],
    [
      'pnpm-lock.yaml',
      PNPM.replace(
        'packages:\n',
        '  packages/db:\n    devDependencies:\n      drizzle-kit:\n        specifier: ^0.31.0\n        version: 0.31.2(esbuild@0.25.4)\n\npackages:\n\n  drizzle-kit@0.31.2:\n    hasBin: true\n',
      ),
    ],
    [
      'yarn.lock',
      `${YARN}\n"drizzle-kit@npm:^0.31.0, drizzle-kit@npm:^0.31.1":\n  version: 0.31.2\n`,
    ],
    ['yarn.lock', `${YARN_1}\ndrizzle-kit@^0.31.0, drizzle-kit@^0.31.1:\n  version "0.31.2"\n`],
    [
      'bun.lock',
      BUN.replace(
        '    "drizzle-kit/esbuild"',
        '    "@app/db/drizzle-kit": ["drizzle-kit@0.31.2", "", {}, "sha512-d=="],\n    "drizzle-kit/esbuild"',
      ),
    ],
  ])("where a %s has several, the package's own counts", async (path, text) => {
    const files = {
      'package.json': '{}',
      'packages/db/package.json': manifest('^0.31.0', '@app/db'),
      [path]: text,
    };
    expect(await named(files, 'packages/db')).toEqual({ path, version: '0.31.2' });
  });

  test('where it has several and does not tell whose they are, it says nothing', async () => {
    const files = {
      'package.json': manifest('*'),
      'yarn.lock': `${YARN}\n"drizzle-kit@npm:^0.31.0":\n  version: 0.31.2\n`,
    };
    expect(await named(files)).toBeUndefined();
  });
});

test('without a lock file, a range that holds one minor version', async () => {
  expect(await named({ 'package.json': manifest('~0.30.2') })).toEqual({
    path: 'package.json',
    version: '~0.30.2',
  });
  expect(await named({ 'package.json': manifest('>=0.30.2') })).toBeUndefined();
  expect(await named({ 'package.json': manifest('catalog:') })).toBeUndefined();
  expect(
    await named({ 'package.json': '{ "dependencies": { "drizzle-orm": "^0.45.0" } }' }),
  ).toBeUndefined();
  expect(await named({ 'package.json': '{ not json', 'bun.lockb': 'drizzle-kit' })).toBeUndefined();
  expect(await named({})).toBeUndefined();
});

test.each([
  ['0.30.6', '0.30'],
  ['^0.30.4', '0.30'],
  ['~0.30', '0.30'],
  ['0.31.x', '0.31'],
  ['0.31.0-beta.2', '0.31'],
  ['>=0.30.0', undefined],
  ['^0.30.0 || ^0.31.0', undefined],
  ['*', undefined],
  ['latest', undefined],
  ['1.0.0', '1.0'],
  ['^1.0.0', undefined],
  ['1.0.0-rc.4', '1.0.0-rc.4'],
  ['1.0.0-rc.4-5d5b77c', '1.0.0-rc.4'],
  ['^1.0.0-rc.4', undefined],
  ['workspace:*', undefined],
])('%s is of %s', (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test('a package.json that wants 1.x, whatever is published', async () => {
  const wants = async (range: string): Promise<boolean> => {
    const files = { 'package.json': manifest('0.31.0'), 'db/package.json': manifest(range) };
    return (await declaredKit1(memoryTree(files), 'db')) !== undefined;
  };
  for (const range of [
    '^1.0.0-beta.2',
    '1.0.0-rc.4',
    '~1.0',
    '1',
    '>=1.0.0-beta',
    '1.x || ^2',
    'beta',
    'rc',
    'npm:drizzle-kit@^1.0.0-beta.1',
  ])
    expect([range, await wants(range)]).toEqual([range, true]);
  for (const range of [
    '^0.31.0',
    'latest',
    '*',
    '>=0.30',
    '^0.31 || ^1.0.0-beta',
    'catalog:',
    'workspace:*',
    '',
    'next',
  ])
    expect([range, await wants(range)]).toEqual([range, false]);
  expect(await declaredKit1(memoryTree({ 'package.json': manifest('rc') }), 'db')).toEqual({
    path: 'package.json',
    version: 'rc',
  });
  expect(await declaredKit1(memoryTree({}), '')).toBeUndefined();
});

test.each([
  ['1.0.0-rc.4', 'named'],
  ['1.0.0-beta.7', 'in the range'],
  ['^1.0.0-rc.4', 'in the range'],
  ['~1.0.0-rc.4', 'in the range'],
  ['>=1.0.0-rc.4', 'in the range'],
  ['>=1.0.0-rc.3 <1.0.0-rc.5', 'in the range'],
  ['^0.31.0 || ^1.0.0-beta.2', 'in the range'],
  ['npm:drizzle-kit@^1.0.0-rc.4', 'in the range'],
  ['rc', 'in the range'],
  ['1.0.0-rc.5', 'no'],
  ['^1.0.0-rc.5', 'no'],
  ['^1.0.0', 'no'],
  ['1.x', 'no'],
  ['^0.31.0', 'no'],
  ['>=0.31.0', 'no'],
  ['*', 'no'],
  ['latest', 'no'],
  ['workspace:*', 'no'],
])('an older drizzle-kit than 1.0.0-rc.5 in %s: %s', async (range, expected) => {
  const tree = memoryTree({ 'package.json': manifest(range) });
  const found = await declaredOlderKit1(tree, '', '1.0.0-rc.5');
  expect(found === undefined ? 'no' : found.isRange ? 'in the range' : 'named').toBe(expected);
});

test('a lock file says which candidate of a range it was', async () => {
  const locked = (version: string): Promise<unknown> =>
    declaredOlderKit1(
      memoryTree({
        'package.json': manifest('^1.0.0-rc.4'),
        'package-lock.json': NPM.replaceAll('0.30.6', version),
      }),
      '',
      '1.0.0-rc.5',
    );
  expect(await locked('1.0.0-rc.5')).toBeUndefined();
  expect(await locked('0.31.0')).toBeUndefined();
  for (const older of ['1.0.0-rc.4', '1.0.0-rc.4-5d5b77c', '1.0.0-beta.2'])
    expect(await locked(older)).toMatchObject({ path: 'package-lock.json', version: older });
});

import { describe, expect, test } from 'vitest';
import { openTreeFileSystem, type TreeFileSystem } from '../../src/schema/bundle/tree-fs.ts';
import { openReader, type TreeReader } from '../../src/schema/bundle/tree-reader.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TOP = '/repository';
const TREE = { 'src/a.ts': 'a', 'src/sub/b.ts': 'b', 'package.json': '{}' };

type Methods<T> = { readonly [K in keyof T]: (of: T) => unknown };

/** Each method of the reader with a path that the tree has, and what has to be in the log then. */
const OF_READER: Methods<Omit<TreeReader, 'log' | 'asked' | 'refuseMissing'>> = {
  entry: (of) => of.entry('src/a.ts'),
  isLinked: (of) => of.isLinked('src/a.ts'),
  follow: (of) => of.follow('src/a.ts'),
  linkProblem: (of) => of.linkProblem('src/a.ts'),
  read: (of) => of.read('src/a.ts'),
  readText: (of) => of.readText('src/a.ts'),
  hasFolder: (of) => of.hasFolder('src/a.ts'),
  list: (of) => of.list('src/a.ts'),
  manifests: (of) => of.manifests(),
};
const LOGGED: Partial<Record<string, readonly string[]>> = { list: ['src/a.ts/'], manifests: [] };

describe('no method of the tree reader reads without an entry in the log:', () => {
  test('each is played here', async () => {
    const played = [...Object.keys(OF_READER), 'log', 'asked', 'refuseMissing'].sort();
    expect(Object.keys(await openReader(memoryTree(TREE))).sort()).toEqual(played);
  });

  test.each(Object.entries(OF_READER))('%s', async (name, play) => {
    for (const files of [TREE, {}]) {
      const reader = await openReader(memoryTree(files));
      expect([...reader.log.tree, reader.log.manifests]).toEqual([false]);
      await play(reader);
      expect([...reader.log.tree]).toEqual(LOGGED[name] ?? ['src/a.ts']);
      expect(reader.log.manifests).toBe(name === 'manifests');
    }
  });

  test('files that are read along with their neighbour are not logged', async () => {
    const reader = await openReader(memoryTree({ 'src/a.ts': 'a', 'src/b.ts': 'b' }));
    await reader.read('src/a.ts');
    expect([...reader.log.tree]).toEqual(['src/a.ts']);
  });
});

const over =
  (side: 'overTree' | 'overDisk', name: keyof TreeFileSystem['overTree'], path: string) =>
  (of: TreeFileSystem): Promise<void> =>
    new Promise((done) => of[side][name](path, () => done()));

describe('nor does one of the file system:', () => {
  const below = `${TOP}/src/a.ts`;
  const installed = `${TOP}/node_modules/dep/index.js`;
  type Logged = Partial<Record<'tree' | 'disk' | 'links', string>>;
  const PLAYED: readonly (readonly [string, (of: TreeFileSystem) => unknown, Logged])[] = [
    ['stat of the tree', over('overTree', 'stat', below), { tree: 'src/a.ts' }],
    ['readFile of the tree', over('overTree', 'readFile', below), { tree: 'src/a.ts' }],
    ['readdir of the tree', over('overTree', 'readdir', `${TOP}/src`), { tree: 'src/' }],
    ['readlink of the tree', over('overTree', 'readlink', below), { tree: 'src/a.ts' }],
    ['stat of a package', over('overTree', 'stat', installed), { disk: installed }],
    ['readFile of a package', over('overTree', 'readFile', installed), { disk: installed }],
    ['readdir of a package', over('overTree', 'readdir', installed), { disk: installed }],
    ['readlink of a package', over('overTree', 'readlink', installed), { disk: installed }],
    ['stat of the disk', over('overDisk', 'stat', below), { disk: below }],
    ['readFile of the disk', over('overDisk', 'readFile', below), { disk: below }],
    ['readdir of the disk', over('overDisk', 'readdir', below), { disk: below }],
    ['readlink of the disk', over('overDisk', 'readlink', below), { disk: below }],
    ['locate', (of) => of.locate(installed), { links: `${TOP}/node_modules/dep` }],
    ['readText of the tree', (of) => of.readText(below), { tree: 'src/a.ts' }],
    ['readText of the disk', (of) => of.readText('/above.json'), { disk: '/above.json' }],
    ['readDisk', (of) => of.readDisk(below), { disk: below }],
    ['realFile', (of) => of.realFile('src/a.ts'), { tree: 'src/a.ts' }],
    ['realFolder', (of) => of.realFolder('src/a.ts'), { tree: 'src/a.ts' }],
    ['requireResolve', (of) => of.requireResolve('dep', TOP), { disk: `${TOP}/node_modules` }],
  ];

  test('each is played here', async () => {
    const files = openTreeFileSystem(await openReader(memoryTree(TREE)), TOP);
    const names = Object.entries(files).flatMap(([name, one]) =>
      typeof one === 'function' ? [name] : Object.keys(one),
    );
    expect(new Set(PLAYED.map(([name]) => name.split(' ')[0]))).toEqual(new Set(names));
  });

  test.each(PLAYED)('%s', async (_, play, logged) => {
    const reader = await openReader(memoryTree(TREE));
    await play(openTreeFileSystem(reader, TOP));
    for (const [part, path] of Object.entries(logged))
      expect([...reader.log[part as keyof Logged].keys()]).toContain(path);
  });
});

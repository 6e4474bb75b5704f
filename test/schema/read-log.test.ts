import { describe, expect, test } from 'vitest';
import { openTreeFileSystem, type TreeFileSystem } from '../../src/schema/modules/tree-fs.ts';
import { openReader, type TreeReader } from '../../src/schema/modules/tree-reader.ts';
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
  (of: TreeFileSystem): unknown =>
    of[side][name](path);

describe('nor does one of the file system:', () => {
  const below = `${TOP}/src/a.ts`;
  const installed = `${TOP}/node_modules/dep/index.js`;
  type Logged = Partial<Record<'tree' | 'disk' | 'links', string>>;
  const PLAYED: readonly (readonly [string, (of: TreeFileSystem) => unknown, Logged])[] = [
    ['kind of the tree', over('overTree', 'kind', below), { tree: 'src/a.ts' }],
    ['text of the tree', over('overTree', 'text', below), { tree: 'src/a.ts' }],
    ['real of the tree', over('overTree', 'real', below), { tree: 'src/a.ts' }],
    ['kind of a package', over('overTree', 'kind', installed), { disk: installed }],
    ['text of a package', over('overTree', 'text', installed), { disk: installed }],
    ['real of a package', over('overTree', 'real', installed), { disk: installed }],
    ['kind of the disk', over('overDisk', 'kind', below), { disk: below }],
    ['text of the disk', over('overDisk', 'text', below), { disk: below }],
    ['real of the disk', over('overDisk', 'real', below), { disk: below }],
    ['locate', (of) => of.locate(installed), { links: `${TOP}/node_modules/dep` }],
    ['readText of the tree', (of) => of.readText(below), { tree: 'src/a.ts' }],
    ['readText of the disk', (of) => of.readText('/above.json'), { disk: '/above.json' }],
    ['readDisk', (of) => of.readDisk(below), { disk: below }],
    ['realFile', (of) => of.realFile('src/a.ts'), { tree: 'src/a.ts' }],
    ['realFolder', (of) => of.realFolder('src/a.ts'), { tree: 'src/a.ts' }],
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

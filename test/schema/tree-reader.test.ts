import { expect, test } from 'vitest';
import type { Tree } from '../../src/git/trees/tree.ts';
import { importGraph } from '../../src/schema/modules/import-graph.ts';
import { openReader } from '../../src/schema/modules/tree-reader.ts';
import { memoryTree } from '../support/memory-tree.ts';

function counting(tree: Tree): Tree & { readonly portions: string[][] } {
  const portions: string[][] = [];
  return {
    ...tree,
    portions,
    read: (paths) => (portions.push([...paths].sort()), tree.read(portions.at(-1)!)),
  };
}

test('reads of one turn go out together, with the source files beside them, and never twice', async () => {
  const tree = counting(
    memoryTree({
      'src/a.ts': 'a',
      'src/b.ts': 'b',
      'src/readme.md': 'no',
      'lib/c.ts': 'c',
      'other/d.ts': 'd',
    }),
  );
  const reader = await openReader(tree);
  expect(
    await Promise.all([
      reader.readText('src/a.ts'),
      reader.readText('lib/c.ts'),
      reader.readText('gone.ts'),
    ]),
  ).toEqual(['a', 'c', undefined]);
  expect(await reader.readText('src/b.ts')).toBe('b');
  expect(tree.portions).toEqual([['lib/c.ts', 'src/a.ts', 'src/b.ts']]);
});

test('a failure of the tree rejects every read', async () => {
  const broken: Tree = {
    ...memoryTree({ 'a.ts': '', 'b.ts': '' }),
    read: () => Promise.reject(new Error('object missing')),
  };
  const reader = await openReader(broken);
  const asked = await Promise.allSettled([reader.read('a.ts'), reader.read('b.ts')]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a neighbour that cannot be read does not matter', async () => {
  const whole = memoryTree({ 'a.ts': 'a', 'b.ts': 'b' });
  const partial: Tree = {
    ...whole,
    read: async (paths) =>
      [...paths].includes('b.ts') ? Promise.reject(new Error('object missing')) : whole.read(paths),
  };
  const reader = await openReader(partial);
  expect(await reader.readText('a.ts')).toBe('a');
  await expect(reader.readText('b.ts')).rejects.toThrow('object missing');
});

test('folders', async () => {
  const reader = await openReader(memoryTree({ 'a/b/c.ts': '', 'a/d.ts': '' }));
  expect([reader.hasFolder('a/b'), reader.hasFolder('a/d.ts'), reader.hasFolder('')]).toEqual([
    true,
    false,
    true,
  ]);
  expect([...reader.list('a')].sort()).toEqual([
    ['b', 'folder'],
    ['d.ts', 'file'],
  ]);
});

test('the chain to a file is the shortest one', () => {
  const graph = importGraph(['index.ts', 'teams.ts']);
  graph.add('index.ts', 'a.ts');
  graph.add('a.ts', 'b.ts');
  graph.add('teams.ts', 'b.ts');
  graph.add('b.ts', 'a.ts');
  expect(graph.chainTo('b.ts')).toEqual(['teams.ts', 'b.ts']);
  expect(graph.chainTo('index.ts')).toEqual(['index.ts']);
  expect(graph.chainTo('unknown.ts')).toEqual(['unknown.ts']);
});

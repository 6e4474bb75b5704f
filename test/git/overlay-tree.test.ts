import { expect, test } from 'vitest';
import { overlayTree } from '../../src/git/trees/overlay-tree.ts';
import { blobOid, memoryTree } from '../support/memory-tree.ts';

const entry = (text: string) => ({ mode: '100644', oid: blobOid(Buffer.from(text)) });

test('replaces, adds and takes away, and leaves the base alone', async () => {
  const base = memoryTree({ keep: '1', change: '2', gone: '3' });
  const tree = overlayTree(
    base,
    'joined',
    new Map([
      ['change', { entry: entry('two'), bytes: Buffer.from('two') }],
      ['new', { entry: entry('four'), bytes: async () => Buffer.from('four') }],
      ['gone', undefined],
    ]),
  );
  expect([...(await tree.entries())]).toEqual([
    ['keep', entry('1')],
    ['change', entry('two')],
    ['new', entry('four')],
  ]);
  const bytes = await tree.read(['keep', 'change', 'new', 'gone', 'never']);
  expect(
    [...bytes].map(([path, content]) => [path, Buffer.from(content).toString()]).sort(),
  ).toEqual([
    ['change', 'two'],
    ['keep', '1'],
    ['new', 'four'],
  ]);
  expect((await base.entries()).size).toBe(3);
});

test('a submodule has no bytes', async () => {
  const tree = overlayTree(
    memoryTree({}),
    'x',
    new Map([['sub', { entry: { mode: '160000', oid: 'a'.repeat(40) }, bytes: new Uint8Array() }]]),
  );
  expect((await tree.read(['sub'])).size).toBe(0);
});

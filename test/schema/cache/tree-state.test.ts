import { describe, expect, it } from 'vitest';
import { treeState } from '../../../src/schema/cache/tree-state.ts';
import type { Entry } from '../../../src/git/trees/tree.ts';

const file = (digit: string, mode = '100644'): Entry => ({ mode, oid: digit.repeat(40) });
const BASE: Readonly<Record<string, Entry>> = {
  'src/a.ts': file('1'),
  'src/deep/er/b.ts': file('2'),
  link: file('3', '120000'),
  vendored: file('4', '160000'),
  'package.json': file('5'),
};
const stateOf = (
  tree: readonly string[],
  entries: Readonly<Record<string, Entry | undefined>>,
  packages = false,
): string =>
  treeState(
    new Map(
      Object.entries(entries).filter((entry): entry is [string, Entry] => entry[1] !== undefined),
    ),
    { tree, packages },
  );

describe('how paths stand in a tree', () => {
  it.each<readonly [string, readonly string[], Readonly<Record<string, Entry | undefined>>]>([
    ['a file has other bytes', ['src/a.ts'], { 'src/a.ts': file('9') }],
    ['a file may be run', ['src/a.ts'], { 'src/a.ts': file('1', '100755') }],
    ['a file goes', ['src/a.ts'], { 'src/a.ts': undefined }],
    ['a file appears', ['src/c.ts'], { 'src/c.ts': file('1') }],
    ['a folder appears', ['src/c'], { 'src/c/index.ts': file('1') }],
    ['a folder appears, deep below', ['src/c'], { 'src/c/d/e/f.ts': file('1') }],
    ['a folder goes', ['src/deep'], { 'src/deep/er/b.ts': undefined }],
    [
      'a folder becomes a file',
      ['src/deep'],
      { 'src/deep/er/b.ts': undefined, 'src/deep': file('1') },
    ],
    ['a link on the way leads elsewhere', ['link/x.ts'], { link: file('9', '120000') }],
    ['a link on the way appears', ['src/c/x.ts'], { 'src/c': file('1', '120000') }],
    ['a file joins a folder that was listed', ['src/'], { 'src/c.ts': file('1') }],
    ['a folder joins it', ['src/'], { 'src/c/d.ts': file('1') }],
    ['a file of it becomes a link', ['src/'], { 'src/a.ts': file('1', '120000') }],
    ['a file joins the top, which was listed', ['/'], { 'c.ts': file('1') }],
    ['a submodule on the way moves', ['vendored/src/x.ts'], { vendored: file('9', '160000') }],
  ])('differs when %s', (_, paths, change) => {
    expect(stateOf(paths, { ...BASE, ...change })).not.toBe(stateOf(paths, BASE));
  });

  it('is the same whatever else happens, in whatever order git lists', () => {
    const paths = ['src/a.ts', 'src/c.ts', 'src/c', 'src/deep', 'link/x.ts', '', 'src/deep/er/'];
    const more = {
      'src/aa.ts': file('7'),
      'src/b.ts': file('7'),
      'src/cc/x.ts': file('7'),
      'src/deep/x.ts': file('7'),
      'linked.ts': file('7'),
    };
    expect(stateOf(paths, { ...more, ...BASE })).toBe(stateOf(paths, BASE));
    expect(
      stateOf(paths, Object.fromEntries(Object.entries({ ...BASE, ...more }).toReversed())),
    ).toBe(stateOf(paths, BASE));
  });

  it('knows every package.json where these were looked through', () => {
    const other = { ...BASE, 'libs/x/package.json': file('1') };
    expect(stateOf([], other)).toBe(stateOf([], BASE));
    expect(stateOf([], other, true)).not.toBe(stateOf([], BASE, true));
    expect(stateOf([], { ...BASE, 'package.json': file('9') }, true)).not.toBe(
      stateOf([], BASE, true),
    );
  });
});

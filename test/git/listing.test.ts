import { expect, test } from 'vitest';
import { literally, parseLsTree, parseRawDiff } from '../../src/git/trees/listing.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);
const ZERO = '0'.repeat(40);

test('ls-tree: blanks, tabs and line breaks belong to the path; folders are left out', () => {
  const stdout = Buffer.from(
    `100644 blob ${A}\ta b\tc\nd\x00040000 tree ${A}\tfolder\x00160000 commit ${B}\tü\x00`,
  );
  expect([...parseLsTree(stdout)]).toEqual([
    ['a b\tc\nd', { mode: '100644', oid: A }],
    ['ü', { mode: '160000', oid: B }],
  ]);
});

test('a raw diff: added, deleted, changed, and unmerged apart', () => {
  const stdout = Buffer.from(
    `:000000 100644 ${ZERO} ${A} A\x00new\x00:100644 000000 ${A} ${ZERO} D\x00gone\x00:100644 100755 ${A} ${A} M\x00mode\x00:000000 000000 ${ZERO} ${ZERO} U\x00torn\x00`,
  );
  const entry = { mode: '100644', oid: A };
  expect(parseRawDiff(stdout)).toEqual({
    changed: [
      { path: 'new', after: entry },
      { path: 'gone', before: entry },
      { path: 'mode', before: entry, after: { mode: '100755', oid: A } },
    ],
    unmerged: ['torn'],
  });
});

test('nothing differs: an empty answer is an empty list', () => {
  expect(parseRawDiff(Buffer.alloc(0))).toEqual({ changed: [], unmerged: [] });
  expect(parseLsTree(Buffer.alloc(0)).size).toBe(0);
});

test('a pathspec is the path and nothing else', () => {
  expect(literally(':(glob)*')).toBe(':(top,literal):(glob)*');
  expect(literally('')).toBe(':(top)');
});

import { expect, it } from 'vitest';
import { mergeLines } from '../../src/git/rewrite/merge-lines.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const BASE = text('a', 'b', 'c', 'd');

it.each([
  ['a line behind one that goes', text('a', 'b', 'new', 'c', 'd'), text('a', 'c', 'd')],
  ['a line before one that goes', text('a', 'new', 'b', 'c', 'd'), text('a', 'c', 'd')],
])('keeps %s', (_, ours, theirs) => {
  expect(mergeLines(BASE, ours, theirs)).toEqual({
    status: 'merged',
    text: text('a', 'new', 'c', 'd'),
  });
});

it('merges lines side by side, and what both sides did', () => {
  expect(mergeLines(BASE, text('a', 'b', 'd'), text('a', 'c', 'd'))).toEqual({
    status: 'merged',
    text: text('a', 'd'),
  });
  expect(mergeLines(BASE, text('a', 'd'), text('a', 'd'))).toMatchObject({ text: text('a', 'd') });
  expect(mergeLines(BASE, 'a\nb\nc\nd', text('b', 'c', 'd'))).toMatchObject({ text: 'b\nc\nd' });
});

it.each([
  ['the same line', text('a', 'new', 'c', 'd'), text('a', 'c', 'd'), 2],
  ['a line inside of those that go', text('a', 'b', 'new', 'c', 'd'), text('a', 'd'), 2],
  ['two lines at one place', text('a', 'x', 'b', 'c', 'd'), text('a', 'y', 'b', 'c', 'd'), 2],
  ['the same line further down', text('0', 'a', 'b', 'x', 'd'), text('a', 'b', 'y', 'd'), 4],
])('does not merge %s', (_, ours, theirs, line) => {
  const merged = mergeLines(BASE, ours, theirs);
  if (merged.status !== 'clashes') throw new Error(merged.text);
  expect(merged.clashes.map((one) => one.line)).toEqual([line]);
});

it('says what the lines were on each side', () => {
  expect(mergeLines(BASE, text('a', 'x', 'c', 'd'), text('a', 'c', 'd'))).toEqual({
    status: 'clashes',
    clashes: [{ line: 2, base: ['b\n'], ours: ['x\n'], theirs: [] }],
  });
});

import { expect, test } from 'vitest';
import { parsePushRefs, parseReceivedRefs } from '../../src/git/refs/push.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);
const NONE = '0'.repeat(40);

test('updated, new and deleted refs', () => {
  expect(
    parsePushRefs(
      `refs/heads/main ${A} refs/heads/main ${B}\nrefs/heads/new ${A} refs/heads/new ${NONE}\n(delete) ${NONE} refs/heads/old ${A}\n`,
    ),
  ).toEqual([
    { localRef: 'refs/heads/main', localOid: A, remoteRef: 'refs/heads/main', remoteOid: B },
    { localRef: 'refs/heads/new', localOid: A, remoteRef: 'refs/heads/new' },
    { localRef: '(delete)', remoteRef: 'refs/heads/old', remoteOid: A },
  ]);
});

test('nothing pushed, and nonsense', () => {
  expect(parsePushRefs('')).toEqual([]);
  expect(() => parsePushRefs('hello')).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('what a server gets: old and new object of each ref, whatever the ref is called where it comes from', () => {
  expect(
    parseReceivedRefs(
      `${A} ${NONE.replaceAll('0', 'c')} refs/heads/main\n${NONE} ${A} refs/tags/v1\n${A} ${NONE} refs/heads/old`,
    ),
  ).toEqual([
    {
      localRef: 'refs/heads/main',
      remoteRef: 'refs/heads/main',
      remoteOid: A,
      localOid: 'c'.repeat(40),
    },
    { localRef: 'refs/tags/v1', remoteRef: 'refs/tags/v1', localOid: A },
    { localRef: 'refs/heads/old', remoteRef: 'refs/heads/old', remoteOid: A },
  ]);
  expect(parseReceivedRefs('')).toEqual([]);
  for (const line of [
    'hello',
    `${A} ${B} refs/heads/main`,
    `${A} ${A} main`,
    `${A} ${A}`,
    `${A} ${A} refs/heads/a b`,
    `x${A} ${A} refs/heads/main`,
  ]) {
    expect(() => parseReceivedRefs(line), line).toThrow(expect.objectContaining({ code: 'usage' }));
  }
});

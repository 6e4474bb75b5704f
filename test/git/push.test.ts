import { expect, test } from 'vitest';
import { parsePushRefs } from '../../src/git/push.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);
const NONE = '0'.repeat(40);

test('updated, new and deleted refs', () => {
  expect(parsePushRefs(`refs/heads/main ${A} refs/heads/main ${B}\nrefs/heads/new ${A} refs/heads/new ${NONE}\n(delete) ${NONE} refs/heads/old ${A}\n`)).toEqual([
    { localRef: 'refs/heads/main', localOid: A, remoteRef: 'refs/heads/main', remoteOid: B },
    { localRef: 'refs/heads/new', localOid: A, remoteRef: 'refs/heads/new' },
    { localRef: '(delete)', remoteRef: 'refs/heads/old', remoteOid: A },
  ]);
});

test('nothing pushed, and nonsense', () => {
  expect(parsePushRefs('')).toEqual([]);
  expect(() => parsePushRefs('hello')).toThrow(expect.objectContaining({ code: 'usage' }));
});

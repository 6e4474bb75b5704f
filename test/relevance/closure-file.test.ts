import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClosure, writeClosure } from '../../src/relevance/closure-file.ts';
import type { CommitClosure } from '../../src/relevance/closure.ts';
import { openStore } from '../../src/schema/cache/store.ts';

const COMMIT = 'c'.repeat(40);
const CLOSURE: CommitClosure = {
  commit: COMMIT,
  paths: ['drizzle.config.ts', 'src/schema.ts'],
  watched: [{ folder: 'drizzle', ending: '' }],
};

describe('the stored closure', () => {
  let commonDir: string;
  beforeEach(async () => {
    commonDir = await mkdtemp(join(tmpdir(), 'guard-closure-'));
  });
  afterEach(() => rm(commonDir, { recursive: true, force: true }));

  it('is read as it was written', async () => {
    expect(readClosure(commonDir)).toBeUndefined();
    await writeClosure(commonDir, CLOSURE);
    expect(readClosure(commonDir)).toEqual(CLOSURE);
    for (const other of [
      { ...CLOSURE, commit: 'd'.repeat(64) },
      { ...CLOSURE, noProject: true as const },
      { ...CLOSURE, staged: { 'src/schema.ts': '100644 abc', 'drizzle/0000_a.sql': 'gone' } },
      { ...CLOSURE, watched: [], unknownBelow: '' },
    ]) {
      await writeClosure(commonDir, other);
      expect(readClosure(commonDir)).toEqual(other);
    }
  });

  it.each<readonly [string, unknown]>([
    ['no object', null],
    ['a list', []],
    ['a string', 'closure'],
    ['no commit', { paths: CLOSURE.paths, watched: CLOSURE.watched }],
    ['a commit that is an option of git', { ...CLOSURE, commit: '--output=stolen' }],
    ['a commit that is a name', { ...CLOSURE, commit: 'HEAD' }],
    ['a commit cut short', { ...CLOSURE, commit: 'c'.repeat(39) }],
    ['a commit that is a number', { ...CLOSURE, commit: 7 }],
    ['paths that are no list', { ...CLOSURE, paths: { length: 0 } }],
    ['a path that is a number', { ...CLOSURE, paths: [...CLOSURE.paths, 7] }],
    ['no paths', { commit: COMMIT, watched: CLOSURE.watched }],
    ['nothing watched', { commit: COMMIT, paths: CLOSURE.paths }],
    ['an empty list of watched paths', { ...CLOSURE, watched: [] }],
    [
      'an empty list, and a folder below which something is unknown',
      { ...CLOSURE, watched: [], unknownBelow: 'db' },
    ],
    ['a folder below which something is unknown that is no path', { ...CLOSURE, unknownBelow: 7 }],
    ['what was staged as a list of numbers', { ...CLOSURE, staged: { a: 7 } }],
    ['a word for no project', { ...CLOSURE, noProject: 'yes' }],
    ['a watched path without an ending', { ...CLOSURE, watched: [{ folder: 'drizzle' }] }],
    ['a watched path that is null', { ...CLOSURE, watched: [null] }],
    ['a folder that is a list', { ...CLOSURE, watched: [{ folder: [], ending: '' }] }],
  ])('is none with the right checksum and %s', async (_what, value) => {
    const store = openStore({ commonDir });
    store.put('closure', value);
    await store.close();
    expect(openStore({ commonDir }).get('closure')).toEqual(value);
    expect(readClosure(commonDir)).toBeUndefined();
  });
});

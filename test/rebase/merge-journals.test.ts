import { describe, expect, it } from 'vitest';
import { mergeJournals } from '../../src/rebase/merge-journals.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const entry = (idx: number, name: string, more: object = {}) => ({
  idx,
  version: '7',
  when: 1_700_000_000_000 + idx,
  tag: `${String(idx).padStart(4, '0')}_${name}`,
  breakpoints: true,
  ...more,
});
const journal = (entries: readonly object[], indent: number | string = 2) =>
  JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, indent);

const init = entry(0, 'init');
const merge = (ancestor: string, ours: string, theirs: string) =>
  mergeJournals({ ancestor: bytes(ancestor), ours: bytes(ours), theirs: bytes(theirs) });

describe('a journal that both sides changed', () => {
  it('both made a migration: all entries, ours first, and it is a clash', () => {
    const [hulk, thor] = [entry(1, 'odd_hulk'), entry(1, 'calm_thor')];
    const ours = journal([init, hulk]);
    expect(merge(journal([init]), ours, journal([init, thor]))).toEqual({
      status: 'clash',
      text: journal([init, hulk, thor]),
      ours: ['0001_odd_hulk'],
      theirs: ['0001_calm_thor'],
    });
  });

  it('both have the same entry, one has another: clean only if one side has more', () => {
    const [same, more, other] = [entry(1, 'same'), entry(2, 'more'), entry(2, 'other')];
    const base = journal([init]);
    expect(merge(base, journal([init, same]), journal([init, same, more]))).toEqual({
      status: 'merged',
      text: journal([init, same, more]),
    });
    expect(merge(base, journal([init, same, more]), journal([init, same]))).toMatchObject({
      status: 'merged',
      text: journal([init, same, more]),
    });
    expect(merge(base, journal([init, same, more]), journal([init, same, other]))).toMatchObject({
      status: 'clash',
      ours: ['0001_same', '0002_more'],
      theirs: ['0002_other'],
    });
  });

  it('keeps an entry that is there twice, and tells a version from the name behind it', () => {
    const [twice, one, other] = [
      entry(1, 'twice'),
      entry(2, 'x', { version: '7', tag: '70002_x' }),
      entry(2, 'x', { version: '77', tag: '0002_x' }),
    ];
    const base = journal([init, twice, twice]);
    expect(merge(base, journal([init, twice, twice, one]), base)).toMatchObject({
      status: 'merged',
      text: journal([init, twice, twice, one]),
    });
    expect(
      merge(base, journal([init, twice, twice, one]), journal([init, twice, twice, other])),
    ).toMatchObject({
      status: 'clash',
      text: journal([init, twice, twice, one, other]),
    });
  });

  it('both made the file: a clash, unless both made the same entries', () => {
    const [a, b] = [entry(0, 'a'), entry(0, 'b')];
    expect(merge('', journal([a]), journal([b]))).toEqual({
      status: 'clash',
      text: journal([a, b]),
      ours: ['0000_a'],
      theirs: ['0000_b'],
    });
    expect(merge('', journal([a], 4), journal([a]))).toMatchObject({ status: 'merged' });
  });

  it('one takes entries out, the other leaves them: they are out', () => {
    const second = entry(1, 'second');
    expect(merge(journal([init, second]), journal([init]), journal([init, second]))).toEqual({
      status: 'merged',
      text: journal([init]),
    });
    expect(merge(journal([init, second]), journal([init, second]), journal([init]))).toEqual({
      status: 'merged',
      text: journal([init]),
    });
  });

  it('one takes out what the other builds on: a clash', () => {
    const [second, third] = [entry(1, 'second'), entry(2, 'third')];
    const base = journal([init, second]);
    expect(merge(base, journal([init]), journal([init, second, third]))).toMatchObject({
      status: 'clash',
      ours: ['0001_second (removed)'],
      theirs: ['0002_third'],
    });
    expect(merge(base, journal([init, second, third]), journal([init]))).toMatchObject({
      status: 'clash',
      ours: ['0002_third'],
      theirs: ['0001_second (removed)'],
    });
  });

  it('one and the same entry changed on both sides: a clash with both forms', () => {
    const [ours, theirs] = [entry(0, 'init', { when: 5 }), entry(0, 'init', { when: 6 })];
    expect(merge(journal([init]), journal([ours]), journal([theirs]))).toMatchObject({
      status: 'clash',
      text: journal([ours, theirs]),
    });
  });

  it('is written as ours is', () => {
    const [a, b] = [entry(1, 'a'), entry(1, 'b')];
    for (const indent of ['\t', 4, 0]) {
      const ours = `${journal([init, a], indent)}\n`;
      const merged = merge(journal([init], indent), ours, journal([init, b], indent));
      expect(merged).toMatchObject({ text: `${journal([init, a, b], indent)}\n` });
    }
    const windows = journal([init, a]).replaceAll('\n', '\r\n');
    expect(merge(journal([init]), windows, journal([init, b]))).toMatchObject({
      text: journal([init, a, b]).replaceAll('\n', '\r\n'),
    });
  });

  it('what is no journal is left to git', () => {
    const base = journal([init]);
    for (const odd of ['', '{', '<<<<<<< ours', '[]'])
      expect(merge(base, odd, base)).toEqual({ status: 'unreadable' });
    expect(merge('{', base, base)).toEqual({ status: 'unreadable' });
  });
});

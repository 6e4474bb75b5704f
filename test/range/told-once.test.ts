import { expect, it } from 'vitest';
import { toldOnce } from '../../src/check/range/report-commits.ts';
import type { Finding } from '../../src/model/finding.ts';

const finding = (commit: string | undefined, more: Partial<Finding> = {}): Finding => ({
  rule: 'migration-edited',
  severity: 'error',
  project: 'drizzle.config.ts',
  path: 'drizzle/0001_a.sql',
  message: '0001_a was edited',
  fix: [],
  fingerprint: 'f1',
  ...(commit === undefined ? {} : { commit: commit.repeat(40), subject: `Commit ${commit}` }),
  ...more,
});

it('the same fault in several commits is told of the first, which names the others', () => {
  const told = toldOnce([
    finding('a'),
    finding('b'),
    finding('c', { fingerprint: 'f2' }),
    finding('d'),
  ]);
  expect(told.map(({ commit }) => commit?.[0])).toEqual(['a', 'c']);
  expect(told[0]?.detail).toBe('The same in commits bbbbbbbb "Commit b", dddddddd "Commit d".');
  expect(told[1]).not.toHaveProperty('detail');
});

it('keeps a detail that is there, and what is graver is told for itself', () => {
  const told = toldOnce([
    finding('a', { severity: 'warning' }),
    finding('b', { detail: '-a\n+b' }),
    finding('c', { detail: '-x\n+y' }),
    finding('d', { severity: 'warning' }),
  ]);
  expect(told.map(({ commit, severity }) => [commit?.[0], severity])).toEqual([
    ['a', 'warning'],
    ['b', 'error'],
  ]);
  expect(told[1]?.detail).toBe('-a\n+b\n\nThe same in commit cccccccc "Commit c".');
  expect(told[0]).not.toHaveProperty('detail');
});

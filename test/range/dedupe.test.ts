import { expect, it } from 'vitest';
import { dedupe } from '../../src/check/range/dedupe.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { RuleId } from '../../src/rules/index.ts';

const finding = (
  commit: string | undefined,
  more: Partial<Finding<RuleId>> = {},
): Finding<RuleId> => ({
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

it('a finding of several commits is reported of the first, which names the others', () => {
  const findings = dedupe([
    finding('a'),
    finding('b'),
    finding('c', { fingerprint: 'f2' }),
    finding('d'),
  ]);
  expect(findings.map(({ commit }) => commit?.[0])).toEqual(['a', 'c']);
  expect(findings[0]?.detail).toBe('The same in commits bbbbbbbb "Commit b", dddddddd "Commit d".');
  expect(findings[1]).not.toHaveProperty('detail');
});

it('keeps a detail that is there, and reports a higher severity on its own', () => {
  const findings = dedupe([
    finding('a', { severity: 'warning' }),
    finding('b', { detail: '-a\n+b' }),
    finding('c', { detail: '-x\n+y' }),
    finding('d', { severity: 'warning' }),
  ]);
  expect(findings.map(({ commit, severity }) => [commit?.[0], severity])).toEqual([
    ['a', 'warning'],
    ['b', 'error'],
  ]);
  expect(findings[1]?.detail).toBe('-a\n+b\n\nThe same in commit cccccccc "Commit c".');
  expect(findings[0]).not.toHaveProperty('detail');
});

import type { Finding } from '../../model/finding.ts';
import type { RuleId } from '../../rules/index.ts';

/**
 * Reports one finding of several commits once: of the first commit, which names the others. A
 * migration that is renamed at each merge is one thing to fix. Other commits with the same warning
 * or note are not even named.
 */
export function dedupe(findings: readonly Finding<RuleId>[]): readonly Finding<RuleId>[] {
  const first = new Map<string, Finding<RuleId>>();
  const others = new Map<string, string[]>();
  for (const finding of findings) {
    const { fingerprint, severity, commit, subject } = finding;
    const key = `${severity}\0${fingerprint}`;
    if (!first.has(key)) first.set(key, finding);
    else if (severity === 'error' && commit !== undefined)
      others.set(key, [
        ...(others.get(key) ?? []),
        `${commit.slice(0, 8)} ${JSON.stringify(subject ?? '')}`,
      ]);
  }
  return [...first].map(([key, finding]) => {
    const also = others.get(key);
    if (also === undefined) return finding;
    return {
      ...finding,
      detail: [
        ...(finding.detail === undefined ? [] : [finding.detail, '']),
        `The same in ${also.length === 1 ? 'commit' : 'commits'} ${also.join(', ')}.`,
      ].join('\n'),
    };
  });
}

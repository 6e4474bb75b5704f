import type { Finding, Severity } from '../model/finding.ts';
import { commitOf, type NamedCommit } from './commit-name.ts';

/** One finding, however many commits of the report have it. */
export interface MergedFinding {
  /**
   * The one to show: that of the net result, if it is still there; else that of the newest commit
   * which has it.
   */
  readonly finding: Finding;
  /** The commits that have it, in the order of the report. Empty where the index is checked. */
  readonly commits: readonly NamedCommit[];
  /**
   * The fingerprint, unique in the report: a second finding of the same rule and entities gets a
   * number.
   */
  readonly id: string;
}

/**
 * Merges the findings that a report repeats: once for every commit that has it, and once for the
 * net result. A fingerprint names what is wrong and not where, so that it survives a rebase;
 * whatever counts by fingerprints (GitLab, code scanning) must see each once. The result is as
 * severe as its most severe finding, and pre-existing only if all of them are.
 */
export function mergeFindings(findings: readonly Finding[]): readonly MergedFinding[] {
  const groups = new Map<string, Finding[]>();
  const seen = new Map<string, number>();
  for (const finding of findings) {
    const key = `${finding.fingerprint} ${finding.commit ?? ''}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    const id = nth === 1 ? finding.fingerprint : `${finding.fingerprint}-${nth}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([id, group]) => ({
    id,
    finding: representative(group),
    commits: group.flatMap((finding) => commitOf(finding) ?? []),
  }));
}

function representative(group: readonly Finding[]): Finding {
  const fresh = group.filter(({ preexisting }) => preexisting !== true);
  const candidates = fresh.length > 0 ? fresh : group;
  const finding = candidates.find(({ commit }) => commit === undefined) ?? candidates.at(-1);
  if (finding === undefined) throw new Error('a group of no findings');
  return { ...finding, severity: mostSevere(candidates) };
}

function mostSevere(findings: readonly Finding[]): Severity {
  const order: readonly Severity[] = ['error', 'warning', 'note'];
  return order.find((one) => findings.some(({ severity }) => severity === one)) ?? 'note';
}

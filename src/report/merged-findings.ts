import type { Finding, Severity } from '../model/finding.ts';
import { commitOf, type NamedCommit } from './commit-name.ts';

/** One fault, however many commits of the report have it. */
export interface Fault {
  /** The finding to show: that of the net result, if it is still there; else that of the newest commit which has it. */
  readonly finding: Finding;
  /** The commits that have it, in the order of the report. Empty where the index is judged. */
  readonly commits: readonly NamedCommit[];
  /** The fingerprint, unique in the report: the rare second fault of the same rule and entities gets a number. */
  readonly id: string;
}

/**
 * The faults of a report that may name each several times: once for every commit that has it, and once for the net
 * result. A fingerprint says what is at fault and not where it was met, so that it survives a rebase; whoever counts
 * by fingerprints (GitLab, code scanning) must see each once. A fault is as severe as its severest finding, and
 * pre-existing only if all its findings are.
 */
export function distinctFaults(findings: readonly Finding[]): readonly Fault[] {
  const groups = new Map<string, Finding[]>();
  const met = new Map<string, number>();
  for (const finding of findings) {
    const place = `${finding.fingerprint} ${finding.commit ?? ''}`;
    const nth = (met.get(place) ?? 0) + 1;
    met.set(place, nth);
    const id = nth === 1 ? finding.fingerprint : `${finding.fingerprint}-${nth}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([id, group]) => ({
    id,
    finding: shown(group),
    commits: group.flatMap((finding) => commitOf(finding) ?? []),
  }));
}

function shown(group: readonly Finding[]): Finding {
  const fresh = group.filter(({ preexisting }) => preexisting !== true);
  const candidates = fresh.length > 0 ? fresh : group;
  const finding = candidates.find(({ commit }) => commit === undefined) ?? candidates.at(-1);
  if (finding === undefined) throw new Error('a group of no findings');
  return { ...finding, severity: worst(candidates) };
}

function worst(findings: readonly Finding[]): Severity {
  const order: readonly Severity[] = ['error', 'warning', 'note'];
  return order.find((one) => findings.some(({ severity }) => severity === one)) ?? 'note';
}

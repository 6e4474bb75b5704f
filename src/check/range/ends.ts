import { effectiveSeverity, findingsOf, narrowed } from '../../judge/new-findings.ts';
import type { TreeVerdict } from '../../judge/tree.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { RuleId } from '../../rules/index.ts';
import { causeKey, causesOf, projectCauseKey, type ReportedCause } from './causes.ts';

/**
 * What the ends of a range add to what is already reported, of a commit or of another end. What a
 * commit's own guard config reported with a lower severity is reported again.
 */
export function reportEnds(
  ends: readonly TreeVerdict[],
  reported: readonly ReportedCause[],
): readonly Finding<RuleId>[] {
  const known = new Map<string, number>();
  const add = (causes: readonly ReportedCause[]): void => {
    for (const [key, severity] of causes)
      known.set(key, Math.max(RANK[severity], known.get(key) ?? 0));
  };
  add(reported);
  const isNew = (key: string, severity: Severity): boolean =>
    (known.get(key) ?? 0) < RANK[severity];
  return ends.flatMap(({ judged, severityOf }) => {
    const added = judged.flatMap(({ project: { config }, introduced, findings, start }) => {
      const old = findings.filter(({ preexisting }) => preexisting === true);
      if (introduced === undefined)
        return [
          ...findings.filter(
            ({ rule, severity, preexisting }) =>
              preexisting !== true && isNew(projectCauseKey(config, rule), severity),
          ),
          ...old,
        ];
      const fresh = introduced.flatMap((one) => {
        const severity = effectiveSeverity(one, severityOf);
        return severity === 'off'
          ? []
          : narrowed(one, (entity) => isNew(causeKey(config, one, entity), severity));
      });
      return [...findingsOf(fresh, config, severityOf, start), ...old];
    });
    add(judged.flatMap((one) => causesOf(one, severityOf)));
    return added;
  });
}

const RANK = { note: 1, warning: 2, error: 3 } as const satisfies Record<Severity, number>;

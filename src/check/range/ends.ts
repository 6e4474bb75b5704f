import type { Finding, Severity } from '../../model/finding.ts';
import type { Verdict } from '../../judge/tree.ts';
import { severityTold, tell } from '../../judge/new-findings.ts';
import type { Fresh } from '../../judge/one-cause.ts';
import { entitiesTold, causeKey, type ToldEntity } from './report-commits.ts';

/**
 * What the nets of a range come to beside what was said before, of a commit or of another net. What was said less
 * gravely, as the commit's own guard config would have it, is said again.
 */
export function tellNets(
  nets: readonly Verdict[],
  before: readonly ToldEntity[],
): readonly Finding[] {
  const known = new Map<string, number>();
  const learn = (told: readonly ToldEntity[]): void => {
    for (const [key, severity] of told)
      known.set(key, Math.max(gravity(severity), known.get(key) ?? 0));
  };
  learn(before);
  const isNew = (key: string, severity: Severity): boolean =>
    (known.get(key) ?? 0) < gravity(severity);
  return nets.flatMap(({ judged, severityOf }) => {
    const said = judged.flatMap(({ project: { config }, held, findings }) => {
      const old = findings.filter(({ preexisting }) => preexisting === true);
      if (held === undefined)
        return [
          ...findings.filter(
            ({ rule, severity, preexisting }) =>
              preexisting !== true && isNew(causeKey(config, rule, ''), severity),
          ),
          ...old,
        ];
      const fresh = held.flatMap((one): readonly Fresh[] => {
        const severity = severityTold(one, severityOf);
        const entities =
          severity === 'off'
            ? []
            : one.entities.filter((entity) =>
                isNew(causeKey(config, one.draft.rule, entity), severity),
              );
        return entities.length === 0 ? [] : [{ draft: one.draft, entities }];
      });
      return [...tell(fresh, config, severityOf), ...old];
    });
    learn(judged.flatMap((one) => entitiesTold(one, severityOf)));
    return said;
  });
}

function gravity(severity: Severity): number {
  return severity === 'error' ? 3 : severity === 'warning' ? 2 : 1;
}

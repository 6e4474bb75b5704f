import type { ProjectVerdict } from '../../judge/context.ts';
import { effectiveSeverity, type Severities, type Violation } from '../../judge/new-findings.ts';
import { entityKey, type Entity } from '../../model/entity.ts';
import type { Severity } from '../../model/finding.ts';

/** What a finding is about (see `causeKey`), and the severity it is reported with. */
export type ReportedCause = readonly [key: string, severity: Severity];

/** What the findings of a project are about; none of a rule that is off. */
export function causesOf(
  { project: { config }, introduced, findings }: ProjectVerdict,
  severityOf: Severities,
): readonly ReportedCause[] {
  if (introduced === undefined)
    return findings.map(({ rule, severity }) => [projectCauseKey(config, rule), severity]);
  return introduced.flatMap((one) => {
    const severity = effectiveSeverity(one, severityOf);
    return severity === 'off'
      ? []
      : one.entities.map((entity): ReportedCause => [causeKey(config, one, entity), severity]);
  });
}

/**
 * A commit and the whole range may report different things of what became of one published
 * migration.
 */
export function causeKey(
  config: string,
  { rule }: Pick<Violation, 'rule'>,
  entity: Entity,
): string {
  const cause =
    rule.aboutPublished === true && entity.kind === 'migration'
      ? entity.migration
      : entityKey(entity);
  return `${config}\0${rule.id}\0${cause}`;
}

/** For what is reported of a whole project, of which no entities are known. */
export function projectCauseKey(config: string, rule: string): string {
  return `${config}\0${rule}\0`;
}

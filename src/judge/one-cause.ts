import { prefixOf } from '../history/layout.ts';
import type { Entity } from '../model/entity.ts';
import type { Cause } from '../rules/rule.ts';
import { effectiveSeverity, type Severities, type Violation } from './new-findings.ts';

interface OneCauseOptions {
  readonly severityOf: Severities;
  /**
   * Whether the change touches the schema: otherwise drift is what removed migrations left behind.
   */
  readonly schemaTouched: boolean;
  /** What an exception excuses. */
  readonly excused: readonly Violation[];
}

/**
 * One cause, one finding: leaves out what another finding of the same change already explains, as
 * its rule says (`consequenceOf`). Only a finding that refuses may explain another: one that was
 * lowered to a warning, or that an exception excuses, must not hide an error, unless both say the
 * same (`evenExcused`).
 */
export function withoutConsequences(
  violations: readonly Violation[],
  { severityOf, schemaTouched, excused }: OneCauseOptions,
): readonly Violation[] {
  const refusing = violations.filter((one) => effectiveSeverity(one, severityOf) === 'error');
  const causing = (causes: readonly Cause[], where: Cause['where']): readonly Violation[] => {
    const at = causes.filter((cause) => cause.where === where);
    const isCause = ({ rule }: Violation): boolean => at.some((cause) => cause.rule === rule.id);
    const saysTheSame = ({ rule }: Violation): boolean =>
      at.some((cause) => cause.rule === rule.id && cause.evenExcused === true);
    return [...refusing.filter(isCause), ...excused.filter(saysTheSame)];
  };
  return violations.filter(({ rule: { consequenceOf = [] }, entities, restsOn = [] }) => {
    const near = causing(consequenceOf, 'same migration').flatMap((cause) => cause.entities);
    const before = causing(consequenceOf, 'migration before').flatMap((cause) => cause.entities);
    return !(
      restsOn.some((tag) => before.some((one) => isOfMigration(tag, one))) ||
      causing(consequenceOf, 'everywhere').length > 0 ||
      (!schemaTouched && causing(consequenceOf, 'schema unchanged').length > 0) ||
      (near.length > 0 &&
        entities.every((one) => near.some((other) => isSameMigration(one, other))))
    );
  });
}

function isSameMigration(one: Entity, other: Entity): boolean {
  return (
    (one.kind === 'migration' && isOfMigration(one.migration, other)) ||
    (other.kind === 'migration' && isOfMigration(other.migration, one))
  );
}

/** Whether an entity is the migration, or one of its files. */
export function isOfMigration(tag: string, entity: Entity): boolean {
  const snapshot = `${prefixOf(tag)}_snapshot.json`;
  const inFolder = `${tag}/snapshot.json`;
  switch (entity.kind) {
    case 'migration':
      return entity.migration === tag;
    case 'migration-file':
      return (
        entity.file === `${tag}.sql` ||
        entity.file === `meta/${snapshot}` ||
        entity.file === `${tag}/migration.sql` ||
        entity.file === inFolder
      );
    case 'snapshot':
      return entity.file === snapshot || entity.file === inFolder;
    default:
      return false;
  }
}

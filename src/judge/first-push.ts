import type { History } from '../history/history.ts';
import type { Entity } from '../model/entity.ts';
import { narrowed, type Violation } from './new-findings.ts';
import { isOfMigration } from './one-cause.ts';

/**
 * What the first push of a whole history is refused for: what its newest state does not say right,
 * and what is wrong with its newest migration. The rest is as it has long been, and counted.
 */
export function ofNewestState(
  violations: readonly Violation[],
  { migrations }: History,
): { readonly newest: readonly Violation[]; readonly older: readonly Violation[] } {
  const tag = migrations.at(-1)?.name;
  const isNewest = ({ rule }: Violation, entity: Entity): boolean =>
    rule.aboutNewestState === true ||
    entity.kind === 'newest-snapshot' ||
    (tag !== undefined && isOfMigration(tag, entity));
  const of = (wanted: boolean): readonly Violation[] =>
    violations.flatMap((one) => narrowed(one, (entity) => isNewest(one, entity) === wanted));
  return { newest: of(true), older: of(false) };
}

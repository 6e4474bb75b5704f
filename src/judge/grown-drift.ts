import type { ProjectState } from '../facts/change.ts';
import { nameDifferences } from '../facts/state.ts';
import type { Entity } from '../model/entity.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';

/**
 * What the schema of a state has otherwise than one before. Where that drifts, the drift has grown,
 * whatever it was before: a table without a migration gets another column.
 * @param again evaluates the schema of `after` once more
 * @returns whether an entity is about such a part; of a schema that was not read, none is
 */
export async function changedSince(
  before: ProjectState,
  after: ProjectState,
  again: () => Promise<EvaluatedSchema>,
): Promise<(entity: Entity) => boolean> {
  if (before.schema.status !== 'ok' || after.schema.status !== 'ok') return () => false;
  const { snapshot } = after.schema;
  const all = await nameDifferences(before.schema.snapshot, snapshot, again);
  // A default that is computed differs each time; what else of its column does stands behind it.
  const changed = all.filter(({ volatile, detail }) => volatile !== true || detail.includes(', '));
  const names = new Set(changed.flatMap(({ entity, owner }) => [entity, owner]));
  return (entity) =>
    entity.kind === 'schema'
      ? names.has(entity.name)
      : entity.kind === 'statement' && changed.length > 0;
}

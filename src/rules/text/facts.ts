import { entityKey, type Entity } from '../../model/entity.ts';

/** What a finding reports of each of its entities, in the order of the report. */
export type Facts<Fact> = ReadonlyMap<Entity, Fact>;

/** Of several facts about one entity the last one counts. */
export function facts<Fact>(all: Iterable<readonly [Entity, Fact]>): Facts<Fact> {
  const distinct = new Map<string, readonly [Entity, Fact]>();
  for (const [entity, fact] of all) distinct.set(entityKey(entity), [entity, fact]);
  return new Map(distinct.values());
}

/** The facts about some of the entities. */
export function factsOf<Fact>(known: Facts<Fact>, entities: readonly Entity[]): readonly Fact[] {
  return [...known].filter(([entity]) => entities.includes(entity)).map(([, fact]) => fact);
}

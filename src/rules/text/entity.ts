export { counted, listed } from '../../model/words.ts';

/**
 * What is at fault, as a finding's entity: the migration's name (or the file's) and what is wrong with it. Two faults
 * of one migration are two entities, and neither changes when other migrations come or go.
 */
export function entity(subject: string, aspect: string): string {
  return `${subject}: ${aspect}`;
}

/** Facts that belong to one finding, each under its entity; `tell` picks those that are new. */
export type Facts = ReadonlyMap<string, string>;

/** The sentences of the fresh entities. */
export function told(facts: Facts, fresh: readonly string[]): readonly string[] {
  return fresh.flatMap((one) => facts.get(one) ?? []);
}

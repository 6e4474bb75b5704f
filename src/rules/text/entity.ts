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

/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** "1 migration", "3 migrations". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

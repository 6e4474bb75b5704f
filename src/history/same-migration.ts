import type { Migration } from './history.ts';

/**
 * Whether two histories have the same migration: name, number, `when` and the bytes of both files.
 * The folder does not count: a project may have moved it on one side.
 */
export function sameMigration(one: Migration, other: Migration): boolean {
  const [a, b] = [one.journal, other.journal];
  return (
    a.tag === b.tag &&
    a.idx === b.idx &&
    a.when === b.when &&
    one.sql?.entry.oid === other.sql?.entry.oid &&
    one.snapshot?.entry.oid === other.snapshot?.entry.oid
  );
}

import { isDeepStrictEqual } from 'node:util';
import { sameBytes } from '../git/trees/tree.ts';
import type { Migration, MigrationFile, Snapshot } from './history.ts';

/** A file that may have been read as a snapshot. */
type MaybeSnapshot = MigrationFile & { readonly snapshot?: Snapshot };

/**
 * Whether two histories have the same migration: name, number, `when` and the bytes of both files.
 * The folder does not count: a project may have moved it on one side.
 */
export function sameMigration(one: Migration, other: Migration): boolean {
  const [a, b] = [one.journal, other.journal];
  return (
    one.name === other.name &&
    a?.idx === b?.idx &&
    a?.when === b?.when &&
    one.sql?.entry.oid === other.sql?.entry.oid &&
    one.snapshot?.entry.oid === other.snapshot?.entry.oid
  );
}

/** Whether the snapshots of two migrations have one id: drizzle-kit makes a new one for each. */
export function sameId({ snapshot: one }: Migration, { snapshot: other }: Migration): boolean {
  const [a, b] = [one?.snapshot, other?.snapshot];
  return a?.status === 'ok' && b?.status === 'ok' && a.id === b.id;
}

/** Whether drizzle-kit reads the same from two snapshots, however they are formatted. */
export function sameSnapshot(
  one: MaybeSnapshot | undefined,
  other: MaybeSnapshot | undefined,
): boolean {
  if (sameBytes(one?.entry, other?.entry)) return true;
  const [a, b] = [one?.snapshot, other?.snapshot];
  return a?.status === 'ok' && b?.status === 'ok' && isDeepStrictEqual(a.json, b.json);
}

/** `drizzle-kit up` lifts old snapshots to its version: the same snapshot, in its new form. */
export function isUpgrade(
  then: MaybeSnapshot | undefined,
  now: MaybeSnapshot | undefined,
): boolean {
  const [old, fresh] = [then?.snapshot, now?.snapshot];
  if (old?.status !== 'ok' || fresh?.status !== 'ok') return false;
  // Of drizzle-kit 1.x it is proven elsewhere.
  if (Array.isArray(fresh.json['prevIds'])) return false;
  return (
    old.id === fresh.id &&
    isDeepStrictEqual(old.prevIds, fresh.prevIds) &&
    Number(old.version) < Number(fresh.version)
  );
}

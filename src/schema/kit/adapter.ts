import type { Dialect } from '../../model/dialect.ts';
import type { KitLocation } from '../worker/protocol.ts';
import type { FolderHistory } from './folders/graph.ts';
import type { Answer } from './folders/resolvers.ts';

/** A snapshot's JSON. */
export type SnapshotJson = Readonly<Record<string, unknown>>;

/** What `drizzle-kit generate` writes, besides ids. */
export interface Written {
  readonly statements: readonly string[];
  /** Why it writes nothing although something changed, in its own words. */
  readonly fails?: readonly string[];
  /** What is in the snapshot, where the adapter knows it: 1.x. */
  readonly snapshot?: SnapshotJson;
}

/** What the guard asks of a drizzle-kit, in the process that runs it. */
export type KitAdapter = JournalAdapter | FolderAdapter;

interface EveryAdapter {
  /**
   * The snapshot of what schema files export, as `drizzle-kit generate` would write it (ids aside).
   */
  serialize(
    dialect: Dialect,
    exported: readonly unknown[],
    casing: 'snake_case' | 'camelCase' | undefined,
  ): Promise<unknown>;
  /**
   * What is between two snapshots, or two states of 1.x; from nothing where `prev` is undefined.
   * @param answer answers questions about renames; 0.31 asks in its terminal instead
   */
  generate(dialect: Dialect, prev: unknown, cur: unknown, answer: Answer): Promise<Written>;
}

/** drizzle-kit 0.30 and 0.31. */
export interface JournalAdapter extends EveryAdapter {
  readonly layout: 'journal';
  /**
   * Reads a snapshot of today's version as `drizzle-kit generate` reads every one of its folder.
   * @throws a ZodError where it is malformed.
   */
  validate(dialect: Dialect, snapshot: SnapshotJson): void;
  /** Whether it takes a snapshot of an older version for one that `drizzle-kit up` lifts. */
  isOutdated(dialect: Dialect, snapshot: SnapshotJson): boolean;
}

/** drizzle-kit 1.x. */
export interface FolderAdapter extends EveryAdapter {
  readonly layout: 'folders';
  readonly history: FolderHistory;
}

/** A generation of drizzle-kit, with one adapter. */
export interface Generation {
  /**
   * Whether an installed drizzle-kit has what the adapter calls. Versions do not decide: `1.0.0-rc`
   * sorts anywhere.
   */
  fits(kit: KitLocation): boolean;
  /** @throws when it cannot be loaded or lacks what the adapter calls. */
  open(kit: KitLocation): KitAdapter;
}

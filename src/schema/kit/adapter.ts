import type { Dialect } from '../../model/dialect.ts';
import type { KitLocation } from '../thread/protocol.ts';
import type { SnapshotJson } from './generate.ts';

/** What the guard asks of a drizzle-kit, in the thread that runs it. */
export interface KitAdapter {
  /**
   * The snapshot of what schema files export, as `drizzle-kit generate` would write it (ids aside).
   */
  serialize(
    dialect: Dialect,
    exported: readonly unknown[],
    casing: 'snake_case' | 'camelCase' | undefined,
  ): Promise<unknown>;
  /** The statements between two snapshots; from nothing where `prev` is undefined. */
  generate(dialect: Dialect, prev: unknown, cur: unknown): Promise<readonly string[]>;
  /**
   * Reads a snapshot of today's version as `drizzle-kit generate` reads every one of its folder.
   * @throws a ZodError where it is malformed.
   */
  validate(dialect: Dialect, snapshot: SnapshotJson): void;
  /** Whether it takes a snapshot of an older version for one that `drizzle-kit up` lifts. */
  isOutdated(dialect: Dialect, snapshot: SnapshotJson): boolean;
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

import type { FolderMigration } from '../../history/history.ts';
import { sameId } from '../../history/same-migration.ts';
import type { PlannedMigration } from '../input.ts';
import type { FolderSides } from './read.ts';
import { NOTHING, pathsOf, type Planned } from './with-moved.ts';

/**
 * The own migrations that the base has in a folder of another name, with the same SQL and id: two
 * people put one migration on top of the same one, each at a time of their own. What stands on one of
 * them stands on the other.
 */
export function withoutCopies(sides: FolderSides): {
  readonly copies: readonly FolderMigration[];
  readonly rest: FolderSides;
} {
  const copies = sides.mine.filter((one) =>
    sides.base.migrations.some(
      (other) =>
        other.name !== one.name &&
        sameId(one, other) &&
        one.sql?.entry.oid === other.sql?.entry.oid,
    ),
  );
  return { copies, rest: { ...sides, mine: sides.mine.filter((one) => !copies.includes(one)) } };
}

/** A plan that leaves these out, too. */
export function leaveOut(copies: readonly FolderMigration[], plan: Planned): Planned {
  if (copies.length === 0) return plan;
  const planned = plan.status === 'planned' ? plan : NOTHING;
  const dropped = copies.map(({ name }): PlannedMigration => ({
    from: name,
    kind: 'dropped',
    reasons: [],
  }));
  return {
    ...planned,
    migrations: [...dropped, ...planned.migrations],
    removed: [...copies.flatMap(pathsOf), ...planned.removed],
  };
}

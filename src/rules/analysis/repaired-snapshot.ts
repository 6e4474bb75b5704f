import type { ProjectChange, ProjectState } from '../../facts/change.ts';
import { sameBytes } from '../../git/trees/tree.ts';
import type { History, Migration } from '../../history/history.ts';
import { rule as snapshotChain } from '../snapshot-chain.ts';

/**
 * Whether the snapshot of a published migration was wrong in itself or in its chain, and no longer
 * is: changing it is the only fix, and no database ever reads it. The SQL must be unchanged, and
 * must have been compared with what drizzle-kit generates between the snapshots: if it is something
 * else, `sql-edited` reports it.
 * @param then the history before that has the old form of the snapshot
 */
export function isFixedSnapshot(
  { after, sqlOrigins }: ProjectChange,
  migration: Migration,
  then: History,
): boolean {
  const { name: tag } = migration;
  const was = then.migrations.find(({ name }) => name === tag);
  if (was?.sql === undefined || !sameBytes(was.sql.entry, migration.sql?.entry)) return false;
  const kind = sqlOrigins.get(tag)?.kind;
  if (kind === undefined || kind === 'unverifiable') return false;
  return isWrong({ ...after, history: then }, was) && !isWrong(after, migration);
}

function isWrong(state: ProjectState, { name: tag, snapshot }: Migration): boolean {
  if (snapshot === undefined || snapshot.snapshot.status === 'unread') return false;
  if (snapshot.snapshot.status === 'invalid') return true;
  return [...snapshotChain.check(state)].some(({ entities }) =>
    entities.some((one) => one.kind === 'migration' && one.migration === tag),
  );
}

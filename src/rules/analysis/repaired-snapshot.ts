import type { ProjectChange, ProjectState } from '../../facts/change.ts';
import { sameEntry } from '../../git/trees/tree.ts';
import type { History, Migration } from '../../history/history.ts';
import { rule as snapshotChain } from '../snapshot-chain.ts';

/**
 * Whether the snapshot of a published migration was at fault in itself or in its chain, and is not any more: to write it
 * anew is the only cure there is, and no database ever sees it. The SQL must be as it was, and must have been compared
 * with what drizzle-kit generates between the snapshots: where it is something else, `sql-edited` says so.
 * @param then the history before that has the snapshot's old form.
 */
export function isMendedSnapshot(
  { after, provenance }: ProjectChange,
  migration: Migration,
  then: History,
): boolean {
  const { tag } = migration.journal;
  const was = then.migrations.find(({ journal }) => journal.tag === tag);
  if (was?.sql === undefined || !sameEntry(was.sql.entry, migration.sql?.entry)) return false;
  const kind = provenance.get(tag)?.kind;
  if (kind === undefined || kind === 'unverifiable') return false;
  return isAtFault({ ...after, history: then }, was) && !isAtFault(after, migration);
}

function isAtFault(state: ProjectState, { journal: { tag }, snapshot }: Migration): boolean {
  if (snapshot === undefined || snapshot.snapshot.status === 'unread') return false;
  if (snapshot.snapshot.status === 'invalid') return true;
  return [...snapshotChain.check(state)].some(({ entities }) =>
    entities.some((one) => one.kind === 'migration' && one.migration === tag),
  );
}

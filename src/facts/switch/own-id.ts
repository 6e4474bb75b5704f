import type { FolderHistory, FolderMigration, Snapshot } from '../../history/history.ts';
import { isPulled, ORIGIN_ID } from '../../history/snapshot.ts';

type Read = Extract<Snapshot, { status: 'ok' }>;

/**
 * A history that begins with `drizzle-kit pull` of 0.31, whose snapshot has the root id as its own,
 * with the id that another history gives it. On PostgreSQL `drizzle-kit up` takes the second
 * migration of such a history for a second first one, and moves nothing until an id is put in.
 */
export function withOwnId(history: FolderHistory, after: FolderHistory): FolderHistory {
  const pulled = history.migrations.find((one) => {
    const own = snapshotOf(one);
    return own !== undefined && isPulled(own);
  });
  const now = after.migrations.find(({ name }) => name === pulled?.name);
  const id = now === undefined ? undefined : snapshotOf(now)?.id;
  if (id === undefined || id === ORIGIN_ID) return history;
  const migrations = history.migrations.map((one) => {
    const [file, own] = [one.snapshot, snapshotOf(one)];
    if (file === undefined || own === undefined) return one;
    const snapshot = one === pulled ? withId(own, id) : withParent(own, id);
    return { ...one, snapshot: { ...file, snapshot } };
  });
  return { ...history, migrations };
}

function snapshotOf({ snapshot }: FolderMigration): Read | undefined {
  return snapshot?.snapshot.status === 'ok' ? snapshot.snapshot : undefined;
}

function withId(own: Read, id: string): Read {
  const { prevIds: _, ...json } = own.json;
  const root = 'prevId' in json ? { prevId: ORIGIN_ID } : { prevIds: [ORIGIN_ID] };
  return { ...own, id, prevId: ORIGIN_ID, prevIds: [ORIGIN_ID], json: { ...json, ...root, id } };
}

function withParent(own: Read, id: string): Read {
  const named = (one: string): string => (one === ORIGIN_ID ? id : one);
  const [prevId, prevIds] = [named(own.prevId), own.prevIds.map(named)];
  const parents = 'prevId' in own.json ? { prevId } : { prevIds };
  return { ...own, prevId, prevIds, json: { ...own.json, ...parents } };
}

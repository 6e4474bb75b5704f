import { GuardError } from '../../model/errors.ts';
import {
  ancestorsOf,
  type FolderBase,
  type FolderChange,
  type FolderQuestion,
  type FolderSnapshot,
  type FolderUp,
  type ForkConflict,
} from '../folders.ts';
import { tooSlow, type GenerateSession } from './generate.ts';

/**
 * What `drizzle-kit generate` would compare the schema with: the state that all open leaves of the
 * history make together.
 * @throws GuardError `kit-failed`, as all of these
 */
export function folderBase(
  session: GenerateSession,
  snapshots: readonly FolderSnapshot[],
): Promise<FolderBase> {
  return ask(session, { ask: 'base', snapshots }) as Promise<FolderBase>;
}

/**
 * The states before and after one migration of the history: the one that its parents make together,
 * and its own.
 * @param folder the name of its folder, one of the snapshots
 */
export function folderChange(
  session: GenerateSession,
  snapshots: readonly FolderSnapshot[],
  folder: string,
): Promise<FolderChange> {
  const needed = ancestorsOf(snapshots, folder);
  return ask(session, { ask: 'around', snapshots: needed, folder }) as Promise<FolderChange>;
}

/**
 * The forks that drizzle-kit itself finds non-commutative, and those that it misses: see
 * `missedForks`. They are the open ones, or those that one migration joins.
 * @param under the folder of that migration: drizzle-kit does not look at what is joined, and
 * `generate --ignore-conflicts` joins what conflicts
 */
export function forkConflicts(
  session: GenerateSession,
  snapshots: readonly FolderSnapshot[],
  under?: string,
): Promise<readonly ForkConflict[]> {
  const how = under === undefined ? {} : { under };
  return ask(session, { ask: 'conflicts', snapshots, ...how }) as Promise<readonly ForkConflict[]>;
}

/**
 * What `drizzle-kit up` would write for old snapshots.
 * @param snapshots each in the folder to which `up` moves it (`folderAfterUp`)
 */
export function folderUp(
  session: GenerateSession,
  snapshots: readonly FolderSnapshot[],
): Promise<FolderUp> {
  return ask(session, { ask: 'up', snapshots }) as Promise<FolderUp>;
}

/** The version of the snapshots that drizzle-kit 1.x writes. */
export function folderVersion(session: GenerateSession): Promise<number> {
  return ask(session, { ask: 'version' }) as Promise<number>;
}

/** The guard's own process answers, with what `FolderHistory.answer` returns for the question. */
async function ask(
  { kit, worker, dialect, timeLimit }: GenerateSession,
  question: FolderQuestion,
): Promise<unknown> {
  const { api, base } = kit;
  const reply = await worker.ask(
    { kind: 'folders', kit: { api, base }, dialect, question },
    timeLimit,
  );
  if (reply === 'timeout') throw tooSlow('did not read the snapshots', timeLimit);
  if (reply.status === 'failed')
    throw new GuardError('kit-failed', `drizzle-kit cannot read the snapshots: ${reply.message}`);
  return reply.value;
}

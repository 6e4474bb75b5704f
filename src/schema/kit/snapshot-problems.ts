import { GuardError } from '../../model/errors.ts';
import type { FileProblem } from '../../history/history.ts';
import { DEFAULT_TIME_LIMIT } from '../thread/host.ts';
import { generates, SNAPSHOT_VERSIONS } from './find-kit.ts';
import type { GenerateSession } from './generate.ts';

/**
 * Why drizzle-kit would not take each of these files as a snapshot, in their order. Empty: it does,
 * or it would once `drizzle-kit up` has run, or the file is of a newer version or another dialect,
 * which is checked elsewhere.
 * @throws GuardError `kit-failed`.
 */
export async function snapshotProblems(
  { kit, worker, dialect }: GenerateSession,
  files: readonly Uint8Array[],
): Promise<readonly (readonly FileProblem[])[]> {
  // Nothing is generated for it, which the evaluation of its schema says.
  if (!generates(kit, dialect)) return files.map(() => []);
  const reply = await worker.ask({
    kind: 'snapshots',
    kit: { api: kit.api, base: kit.base },
    dialect,
    version: SNAPSHOT_VERSIONS[dialect],
    files,
  });
  if (reply === 'timeout')
    throw new GuardError(
      'kit-failed',
      `drizzle-kit did not validate ${files.length} snapshots within ${DEFAULT_TIME_LIMIT / 1000} seconds.`,
    );
  if (reply.status === 'failed')
    throw new GuardError('kit-failed', `drizzle-kit cannot validate snapshots: ${reply.message}`);
  // The guard's own thread answers, with what `validate` in it returns.
  return reply.value as readonly (readonly FileProblem[])[];
}

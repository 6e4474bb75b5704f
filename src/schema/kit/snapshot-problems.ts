import { GuardError } from '../../model/errors.ts';
import type { FileProblem } from '../../history/history.ts';
import { generates, SNAPSHOT_VERSIONS } from './find-kit.ts';
import { tooSlow, type GenerateSession } from './generate.ts';
import { withoutRepeats } from './without-repeats.ts';

/**
 * Why drizzle-kit would not take each of these files as a snapshot, in their order. Empty: it does,
 * or it would once `drizzle-kit up` has run, or the file is of a newer version or another dialect,
 * which is checked elsewhere.
 * @throws GuardError `kit-failed`.
 */
export async function snapshotProblems(
  { kit, worker, dialect, timeLimit }: GenerateSession,
  files: readonly Uint8Array[],
): Promise<readonly (readonly FileProblem[])[]> {
  // Nothing is generated for it, which the evaluation of its schema says.
  if (!generates(kit, dialect)) return files.map(() => []);
  const version = SNAPSHOT_VERSIONS[dialect];
  const validated = async (
    asked: readonly Uint8Array[],
  ): Promise<readonly (readonly FileProblem[])[]> => {
    const { api, base } = kit;
    const reply = await worker.ask(
      { kind: 'snapshots', kit: { api, base }, dialect, version, files: asked },
      timeLimit,
    );
    if (reply === 'timeout') throw tooSlow(`did not validate ${files.length} snapshots`, timeLimit);
    if (reply.status === 'failed')
      throw new GuardError('kit-failed', `drizzle-kit cannot validate snapshots: ${reply.message}`);
    // The guard's own process answers, with what `validate` in it returns.
    return reply.value as readonly (readonly FileProblem[])[];
  };
  if (kit.layout === 'folders') return validated(files);
  const found = await validated(withoutRepeats(files, version));
  return found.every((problems) => problems.length === 0) ? found : validated(files);
}

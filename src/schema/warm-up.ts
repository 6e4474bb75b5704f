import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STORE_FOLDER } from './cache/place.ts';
import { plainGitFolder } from '../git/git-folder.ts';
import type { EvaluationWorker } from './thread/host.ts';

/** A thread that was started before git was asked anything. */
export interface EarlyStart {
  /** Absolute real path of the repository's top level, as far as this can be told without git. */
  readonly top: string;
  readonly worker: Promise<EvaluationWorker>;
  /** Ends the thread, whoever has used it. */
  close(): Promise<void>;
}

/**
 * Starts the evaluating thread, with drizzle-kit, where it will be needed for all that can be told without asking git: at
 * the top of a clone in which nothing was ever evaluated, or nothing is to be remembered.
 * @returns undefined elsewhere.
 */
export function startEarly({
  cwd,
  env,
  cache,
}: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cache: boolean;
}): EarlyStart | undefined {
  const folder = plainGitFolder({ cwd, env });
  if (folder === undefined || (cache && existsSync(join(folder, STORE_FOLDER)))) return undefined;
  const top = realpathSync(dirname(folder));
  const worker = openWarmWorker(top, env);
  return { top, worker, close: async () => (await worker).close() };
}

/** A thread with what a run that evaluates needs loading beside it: a drizzle-kit at the top, esbuild. */
export function openWarmWorker(
  top: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<EvaluationWorker> {
  const worker = import('./thread/host.ts').then(({ openWorker }) => openWorker({ env }));
  warm(top, worker).catch(() => undefined);
  return worker;
}

async function warm(top: string, worker: Promise<EvaluationWorker>): Promise<void> {
  const [thread, { findKit }, { warmEsbuild }] = await Promise.all([
    worker,
    import('./kit/find-kit.ts'),
    import('./bundle/esbuild.ts'),
  ]);
  warmEsbuild();
  thread.preload(findKit(top, '', ''));
}

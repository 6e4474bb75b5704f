import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainGitFolder } from '../git/git-folder.ts';
import { codeFolder } from './cache/store.ts';
import type { EvaluationWorker } from './worker/host.ts';

interface WarmWorker {
  readonly worker: Promise<EvaluationWorker>;
  taken: boolean;
}

/**
 * Processes that no evaluator has taken yet, by the absolute real path of the repository's top level.
 */
const warm = new Map<string, WarmWorker>();

/**
 * Starts the evaluating process, with drizzle-kit, before git is asked anything: only at the top of
 * a clone, and where it will probably be needed. The evaluator of that repository takes it.
 * @returns once the process starts, which loading the check would delay: ends it if no
 * evaluator took it.
 */
export async function warmUp({
  cwd,
  env,
  keep,
  isNeeded,
}: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether drizzle-kit's compiled code is kept, and what was kept is used. */
  readonly keep: boolean;
  /** Absolute paths: of the git common directory, and of the top of the working tree. */
  readonly isNeeded: (commonDir: string, top: string) => boolean;
}): Promise<() => Promise<void>> {
  const gitFolder = plainGitFolder({ cwd, env });
  if (gitFolder === undefined) return async () => undefined;
  const top = realpathSync(dirname(gitFolder));
  if (warm.has(top) || !isNeeded(gitFolder, top)) return async () => undefined;
  const started: WarmWorker = {
    worker: openWarmWorker(top, env, keep ? codeFolder(gitFolder) : undefined),
    taken: false,
  };
  warm.set(top, started);
  await started.worker.then(
    () => nextTurn(),
    () => undefined,
  );
  return async () => {
    if (started.taken) return;
    if (warm.get(top) === started) warm.delete(top);
    await (await started.worker).close();
  };
}

/**
 * Gives the next evaluator of a repository a process that already runs, instead of a new one. That
 * evaluator closes it. `top`: absolute real path.
 * @returns takes it back, unless an evaluator took it: then false.
 */
export function lendWorker(top: string, worker: EvaluationWorker): () => boolean {
  const started: WarmWorker = { worker: Promise.resolve(worker), taken: false };
  warm.set(top, started);
  return () => {
    if (warm.get(top) === started) warm.delete(top);
    return !started.taken;
  };
}

/**
 * The process that was started for a repository, once. `top`: absolute real path. The caller closes
 * it.
 */
export function takeWarmWorker(top: string): Promise<EvaluationWorker> | undefined {
  const started = warm.get(top);
  if (started === undefined) return undefined;
  warm.delete(top);
  started.taken = true;
  return started.worker;
}

/**
 * Starts a process, and loads in parallel what every evaluation needs: the drizzle-kit at the top,
 * and esbuild.
 * @param codeIn see `WorkerOptions`
 */
export function openWarmWorker(
  top: string,
  env: Readonly<Record<string, string | undefined>>,
  codeIn: string | undefined,
): Promise<EvaluationWorker> {
  const worker = import('./worker/host.ts').then(({ openWorker }) => openWorker({ env, codeIn }));
  preload(top, worker).catch(() => undefined);
  return worker;
}

async function preload(top: string, worker: Promise<EvaluationWorker>): Promise<void> {
  const [started, { findKit }, { loadEsbuild }] = await Promise.all([
    worker,
    import('./kit/find-kit.ts'),
    import('./modules/esbuild.ts'),
  ]);
  // First what takes longest.
  started.preload(findKit(top, '', ''));
  // Its process is ready when the first file is read.
  loadEsbuild();
}

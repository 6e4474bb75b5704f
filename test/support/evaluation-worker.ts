import { openWorker, type EvaluationWorker } from '../../src/schema/worker/host.ts';
import { lendWorker } from '../../src/schema/warm-up.ts';

/** Processes that run, and that no run of the guard has at the moment. */
const idle: EvaluationWorker[] = [];
let own = false;

/**
 * For a test file about processes, the cache, or packages that change: each run of the guard starts a
 * process of its own, as it does for users.
 */
export function ownWorkers(): void {
  own = true;
}

/** Takes `ownWorkers` back, for the next test file. */
export function shareWorkers(): void {
  own = false;
}

/**
 * Runs the guard with the evaluating process of an earlier run: loading drizzle-kit takes longer
 * than most checks. What a process keeps between evaluations is the same within a run.
 * @param top of the repository: absolute, real path
 */
export async function withWorker<T>(top: string, run: () => Promise<T>): Promise<T> {
  if (own) return run();
  const running = idle.pop() ?? openWorker({ env: {} });
  const close = async (): Promise<void> => void idle.push(running);
  const takeBack = lendWorker(top, { ...running, close });
  try {
    return await run();
  } finally {
    if (takeBack()) await close();
  }
}

import { openWorker, type EvaluationWorker } from '../../src/schema/thread/host.ts';
import { lendWorker } from '../../src/schema/warm-up.ts';

/** Threads that run, and that no run of the guard has at the moment. */
const idle: EvaluationWorker[] = [];
let own = false;

/**
 * For a test file about threads, the cache, or packages that change: each run of the guard starts a
 * thread of its own, as it does for users.
 */
export function ownThreads(): void {
  own = true;
}

/** Takes `ownThreads` back, for the next test file. */
export function shareThreads(): void {
  own = false;
}

/**
 * Runs the guard with an evaluation thread of an earlier run in this process: loading drizzle-kit
 * takes longer than most checks. What a thread keeps between evaluations is the same within a run.
 * @param top of the repository: absolute, real path
 */
export async function withThread<T>(top: string, run: () => Promise<T>): Promise<T> {
  if (own) return run();
  const thread = idle.pop() ?? openWorker({ env: {} });
  const close = async (): Promise<void> => void idle.push(thread);
  const takeBack = lendWorker(top, { ...thread, close });
  try {
    return await run();
  } finally {
    if (takeBack()) await close();
  }
}

import type { EvaluationWorker } from './worker/host.ts';
import type { Environment } from './worker/protocol.ts';
import { openWarmWorker, takeWarmWorker } from './warm-up.ts';

/** The processes of one evaluator. */
interface Workers {
  /**
   * The process that resolves modules under some conditions, which hold for a whole process; nearly
   * always there are none.
   */
  under(conditions: readonly string[]): Promise<EvaluationWorker>;
  close(): Promise<void>;
}

/**
 * Opens processes as they are needed; one that was started ahead of time is taken over.
 * @param top absolute path of the repository; @param codeIn see `WorkerOptions`
 */
export function openWorkers(top: string, env: Environment, codeIn: string | undefined): Workers {
  const warm = takeWarmWorker(top);
  const opened = new Map(warm === undefined ? [] : [['', warm]]);
  return {
    under(conditions) {
      const key = conditions.join(' ');
      const worker =
        opened.get(key) ??
        (key === ''
          ? openWarmWorker(top, env, codeIn)
          : import('./worker/host.ts').then(({ openWorker }) =>
              openWorker({ env, conditions, codeIn }),
            ));
      opened.set(key, worker);
      return worker;
    },
    async close() {
      await Promise.all([...opened.values()].map(async (worker) => (await worker).close()));
    },
  };
}

import type { EvaluationWorker } from './thread/host.ts';
import type { Environment } from './thread/protocol.ts';
import { openWarmWorker, takeWarmWorker } from './warm-up.ts';

/** The threads of one evaluator. */
interface Workers {
  /**
   * The thread that resolves modules under some conditions, which hold for a whole thread; nearly
   * always there are none.
   */
  under(conditions: readonly string[]): Promise<EvaluationWorker>;
  close(): Promise<void>;
}

/**
 * Opens threads as they are needed; one that was started ahead of time is taken over.
 * @param top absolute path of the repository; @param codeIn see `WorkerData`
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
          : import('./thread/host.ts').then(({ openWorker }) =>
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

import { GuardError } from '../../model/errors.ts';
import { startProcess, type Answers, type WorkerOptions, type WorkerProcess } from './process.ts';
import type { KitLocation, Reply, Request } from './protocol.ts';

/** How long a schema or a config may take. */
export const DEFAULT_TIME_LIMIT = 30_000;

export interface EvaluationWorker {
  /** Starts loading drizzle-kit while the schema is compiled. Never fails. */
  preload(kit: KitLocation): void;
  /**
   * Runs one request after the other, in the order of the calls. A process that does not answer in time is killed, and the
   * answer is 'timeout'.
   */
  ask(request: Request, timeLimit?: number, answers?: Answers): Promise<Reply | 'timeout'>;
  /** Kills the process, with everything that a schema left running in it. */
  close(): Promise<void>;
}

/**
 * A process for users' code, started at once. Nothing that it prints reaches the guard's own output,
 * and it does not keep the guard alive.
 */
export function openWorker(options: WorkerOptions): EvaluationWorker {
  let running: Promise<WorkerProcess> | undefined;
  let closed = false;
  const start = (): Promise<WorkerProcess> => (running ??= startProcess(options));
  const stop = async (which = running): Promise<void> => {
    if (running === which) running = undefined;
    await (await which?.catch(() => undefined))?.end();
  };
  start().catch(() => undefined);

  const ask = async (
    request: Request,
    timeLimit = DEFAULT_TIME_LIMIT,
    answers?: Answers,
  ): Promise<Reply | 'timeout'> => {
    if (closed) throw new GuardError('internal', 'The evaluating process was closed.');
    const current = start();
    const reply = await (await current).ask(request, timeLimit, answers);
    if (typeof reply !== 'string') return reply;
    await stop(current);
    if (reply === 'not-asked') return ask(request, timeLimit, answers);
    if (reply === 'timeout') return reply;
    return {
      status: 'failed',
      why: 'threw',
      message: 'the process that evaluates the schema ended early',
      output: '',
    };
  };

  return {
    preload: (kit) => void ask({ kind: 'preload', kit }).catch(() => undefined),
    ask,
    close: async () => {
      closed = true;
      await stop();
    },
  };
}

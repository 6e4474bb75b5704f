import { GuardError } from '../../model/errors.ts';
import { startProcess, type Answers, type WorkerOptions, type WorkerProcess } from './process.ts';
import type { KitLocation, Reply, Request } from './protocol.ts';

/** How long a schema or a config may take. */
export const DEFAULT_TIME_LIMIT = 30_000;

export interface EvaluationWorker {
  /** Starts loading drizzle-kit while the schema is compiled. Never fails. */
  preload(kit: KitLocation): void;
  /**
   * Runs one request after the other. A process that does not answer in time is killed, and the
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
  let before: Promise<unknown> = Promise.resolve();
  const start = (): Promise<WorkerProcess> => (running ??= startProcess(options));
  const stop = async (): Promise<void> => {
    const last = running;
    running = undefined;
    await (await last?.catch(() => undefined))?.end();
  };
  start().catch(() => undefined);

  const ask = async (
    request: Request,
    timeLimit: number,
    answers: Answers | undefined,
  ): Promise<Reply | 'timeout'> => {
    if (closed) throw new GuardError('internal', 'The evaluating process was closed.');
    const child = await start();
    const reply = await child.ask(request, timeLimit, answers);
    if (reply === 'timeout' || reply === 'ended') await stop();
    if (reply !== 'ended') return reply;
    return {
      status: 'failed',
      why: 'threw',
      message: 'the process that evaluates the schema ended early',
      output: '',
    };
  };

  const queue = (
    request: Request,
    timeLimit = DEFAULT_TIME_LIMIT,
    answers?: Answers,
  ): Promise<Reply | 'timeout'> => {
    const answer = before.then(() => ask(request, timeLimit, answers));
    before = answer.catch(() => undefined);
    return answer;
  };

  return {
    preload: (kit) => void queue({ kind: 'preload', kit }).catch(() => undefined),
    ask: queue,
    close: async () => {
      closed = true;
      await stop();
    },
  };
}

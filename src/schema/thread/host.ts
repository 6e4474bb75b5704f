import { Worker } from 'node:worker_threads';
import { GuardError } from '../../model/errors.ts';
import { writeAtomically } from '../cache/atomic-write.ts';
import type {
  Asked,
  Compiled,
  Envelope,
  Environment,
  FileInTree,
  Found,
  KitLocation,
  Question,
  Reply,
  Request,
} from './protocol.ts';
import { workerSource, type KeptFile, type WorkerData } from './worker-source.ts';

/** How long a schema or a config may take. */
export const DEFAULT_TIME_LIMIT = 30_000;

/** What the tree has at an absolute path below the top of the repository. */
export type FilesOfTree = (path: string) => Promise<FileInTree>;

/** What answers the thread while it runs code. */
export interface Answers {
  readonly files: FilesOfTree;
  readonly modules: {
    find(request: string, from: string): Promise<Found>;
    load(path: string): Promise<Compiled>;
  };
}

export interface EvaluationWorker {
  /** Starts loading drizzle-kit while the schema is compiled. Never fails. */
  preload(kit: KitLocation): void;
  /**
   * Runs one request after the other. A thread that does not answer in time is terminated, and the
   * answer is 'timeout'.
   */
  ask(request: Request, timeLimit?: number, answers?: Answers): Promise<Reply | 'timeout'>;
  /** Terminates the thread and everything a schema left running in it. */
  close(): Promise<void>;
}

/**
 * A thread for users' code, started at once. Nothing that it prints reaches the guard's own output,
 * and it does not keep the process alive.
 */
export function openWorker(options: {
  readonly env: Environment;
  /** Conditions of module resolution, besides node's own. */
  readonly conditions?: readonly string[];
  /** See `WorkerData`. */
  readonly codeIn?: string | undefined;
}): EvaluationWorker {
  let running: Promise<Thread> | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  const start = (): Promise<Thread> => (running ??= startThread(options));
  const stop = async (): Promise<void> => {
    const thread = running;
    running = undefined;
    if (thread !== undefined) await (await thread.catch(() => undefined))?.end();
  };
  start().catch(() => undefined);

  const ask = async (
    request: Request,
    timeLimit: number,
    answers: Answers | undefined,
  ): Promise<Reply | 'timeout'> => {
    if (closed) throw new GuardError('internal', 'The evaluation thread was closed.');
    const thread = await start();
    const reply = await thread.ask(request, timeLimit, answers);
    if (reply === 'timeout' || reply === 'ended') await stop();
    if (reply !== 'ended') return reply;
    return {
      status: 'failed',
      why: 'threw',
      message: 'the thread that evaluates the schema ended early',
      output: '',
    };
  };

  const queue = (
    request: Request,
    timeLimit = DEFAULT_TIME_LIMIT,
    answers?: Answers,
  ): Promise<Reply | 'timeout'> => {
    const answer = last.then(() => ask(request, timeLimit, answers));
    last = answer.catch(() => undefined);
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

interface Thread {
  ask(
    request: Request,
    timeLimit: number,
    answers: Answers | undefined,
  ): Promise<Reply | 'timeout' | 'ended'>;
  end(): Promise<void>;
}

async function startThread({
  env,
  conditions = [],
  codeIn,
}: Parameters<typeof openWorker>[0]): Promise<Thread> {
  const source = await workerSource();
  // NODE_OPTIONS may hold what a thread refuses; the schema itself sees it (see `surround`).
  const { NODE_OPTIONS: _, ...own } = env;
  const execArgv = conditions.map((name) => `--conditions=${name}`);
  const workerData: WorkerData = { codeIn };
  const options = { env: { ...own }, execArgv, argv: [], stdout: true, stderr: true, workerData };
  const worker =
    'file' in source
      ? new Worker(source.file, options)
      : new Worker(source.code, { ...options, eval: true });
  worker.unref();
  worker.stdout.resume();
  worker.stderr.resume();
  let id = 0;
  let waiting:
    | {
        readonly id: number;
        readonly answers: Answers | undefined;
        readonly answer: (reply: Reply | 'timeout' | 'ended') => void;
      }
    | undefined;
  let ended = false;
  let isEnding = false;
  const finish = (reply: Reply | 'timeout' | 'ended'): void => {
    // While it is being terminated it has to keep the process alive: node would end with 13.
    if (!isEnding) worker.unref();
    waiting?.answer(reply);
    waiting = undefined;
  };
  const over = (): void => {
    ended = true;
    finish('ended');
  };
  const writing = new Set<Promise<void>>();
  const keep = ({ file, bytes }: KeptFile): void => {
    const written = writeAtomically(file, bytes)
      .catch(() => undefined)
      .finally(() => writing.delete(written));
    writing.add(written);
  };
  worker.on('message', (message: Envelope<Reply> | Question | KeptFile) => {
    if ('file' in message) keep(message);
    else if ('flag' in message) void answerQuestion(worker, message, waiting?.answers);
    else if (message.id === waiting?.id) finish(message.body);
  });
  worker.on('error', over);
  worker.on('exit', over);

  return {
    ask: (request, timeLimit, answers) =>
      new Promise((resolve) => {
        if (ended) {
          resolve('ended');
          return;
        }
        id += 1;
        worker.ref();
        const timer = setTimeout(() => finish('timeout'), timeLimit);
        waiting = {
          id,
          answers,
          answer: (reply) => {
            clearTimeout(timer);
            resolve(reply);
          },
        };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage({ id, body: request } satisfies Envelope<Request>);
      }),
    end: async () => {
      isEnding = true;
      await worker.terminate();
      await Promise.all(writing);
    },
  };
}

/** The thread waits until the answer arrives. */
async function answerQuestion(
  worker: Worker,
  { asked, flag }: Question,
  answers: Answers | undefined,
): Promise<void> {
  const answer = await answerTo(asked, answers).catch((error: unknown): FileInTree => ({
    kind: 'unknown',
    message: error instanceof Error ? error.message : String(error),
  }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(answer);
  const waiting = new Int32Array(flag);
  Atomics.store(waiting, 0, 1);
  Atomics.notify(waiting, 0);
}

async function answerTo(
  asked: Asked,
  answers: Answers | undefined,
): Promise<FileInTree | Found | Compiled> {
  if (answers === undefined) throw new GuardError('internal', 'there is no tree');
  switch (asked.ask) {
    case 'file':
      return answers.files(asked.path);
    case 'find':
      return answers.modules.find(asked.request, asked.from);
    case 'load':
      return answers.modules.load(asked.path);
  }
}

import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { GuardError } from '../../model/errors.ts';
import { writeAtomically } from '../cache/atomic-write.ts';
import type { KeptFile } from './child/compiled-code.ts';
import { frameOf, GUARD_FD, openFrames, type Asking, type FromProcess } from './messages.ts';
import { inReplyTo, inRequest, openPacking } from './packing.ts';
import type {
  Asked,
  Compiled,
  Environment,
  FileInTree,
  Found,
  Reply,
  Request,
} from './protocol.ts';
import { workerSource } from './source.ts';

export interface WorkerOptions {
  readonly env: Environment;
  /** Conditions of module resolution, besides node's own. */
  readonly conditions?: readonly string[];
  /** The store that keeps drizzle-kit's compiled code, absolute; undefined: none. */
  readonly codeIn?: string | undefined;
}

/** What the tree has at an absolute path below the top of the repository. */
export type FilesOfTree = (path: string) => Promise<FileInTree>;

/** What answers the process while it runs code. */
export interface Answers {
  readonly files: FilesOfTree;
  readonly modules: {
    find(request: string, from: string): Promise<Found>;
    load(path: string): Promise<Compiled>;
  };
}

export interface WorkerProcess {
  /**
   * Requests are sent at once, and answered one after the other. `timeLimit`: milliseconds, from
   * when it is the first that waits. `not-asked`: the process ended before.
   */
  ask(
    request: Request,
    timeLimit: number,
    answers: Answers | undefined,
  ): Promise<Reply | 'timeout' | 'ended' | 'not-asked'>;
  /** Kills it, and waits until what it handed over is written. */
  end(): Promise<void>;
}

/** A socket, as `net` has it. */
interface Channel extends Duplex {
  ref(): void;
  unref(): void;
}

interface Waiting {
  readonly request: Request;
  readonly timeLimit: number;
  readonly answers: Answers | undefined;
  readonly answer: (reply: Reply | 'timeout' | 'ended' | 'not-asked') => void;
}

/**
 * In MiB. Node lets it grow to 16, which makes a cold check 8 % slower: memory that is new to a
 * process costs more than to collect garbage, and most of what drizzle-kit makes is soon garbage.
 */
const YOUNG_GENERATION = '--max-semi-space-size=2';

/**
 * A process, as a thread shares its memory with the guard: each program that the guard starts would
 * copy the page tables of drizzle-kit too, and whatever ends a thread hard ends the guard.
 */
export async function startProcess({
  env,
  conditions = [],
  codeIn = '',
}: WorkerOptions): Promise<WorkerProcess> {
  const source = await workerSource();
  // NODE_OPTIONS is for the guard; the schema itself sees it (see `surround`).
  const { NODE_OPTIONS: _, ...own } = env;
  const flags = [YOUNG_GENERATION, ...conditions.map((name) => `--conditions=${name}`)];
  const [input, file] =
    'file' in source ? (['ignore', source.file] as const) : (['pipe', '-'] as const);
  const child = spawn(process.execPath, [...flags, file, codeIn], {
    env: own,
    stdio: [input, 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  if ('code' in source) child.stdin?.end(source.code);
  const socket = child.stdio[GUARD_FD] as Channel;
  child.unref();
  socket.unref();

  const { pack, unpack } = openPacking();
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const over = (how: 'timeout' | 'ended'): void => {
    hasEnded = true;
    clearTimeout(timer);
    child.kill('SIGKILL');
    socket.unref();
    for (const [at, one] of waiting.splice(0).entries()) one.answer(at === 0 ? how : 'not-asked');
  };
  const waitForFirst = (): void => {
    clearTimeout(timer);
    const [first] = waiting;
    if (first === undefined) socket.unref();
    else timer = setTimeout(() => over('timeout'), first.timeLimit);
  };
  const writing = new Set<Promise<void>>();
  const keep = ({ file: path, bytes }: KeptFile): void => {
    const written = writeAtomically(path, bytes)
      .catch(() => undefined)
      .finally(() => writing.delete(written));
    writing.add(written);
  };
  const answer = (given: FileInTree | Found | Compiled): void => void socket.write(frameOf(given));
  const take = openFrames((message) => {
    const one = message as FromProcess;
    if ('file' in one) keep(one);
    else if ('asked' in one) void answerTo(one.asked, waiting[0]?.answers).then(answer);
    else {
      const [first] = waiting;
      const reply = first && unpack(one.reply, inReplyTo(first.request));
      waiting.shift();
      if (reply !== undefined) first?.answer(reply);
      waitForFirst();
    }
  });
  socket.on('data', (part: Buffer) => {
    try {
      take(part);
    } catch {
      // A schema wrote into the socket itself.
      over('ended');
    }
  });
  socket.on('error', () => over('ended'));
  child.on('error', () => over('ended'));
  child.on('exit', () => over('ended'));

  return {
    ask: (request, timeLimit, answers) =>
      new Promise((resolve) => {
        if (hasEnded) {
          resolve('not-asked');
          return;
        }
        const frame = frameOf({ request: pack(request, inRequest), timeLimit } satisfies Asking);
        waiting.push({ request, timeLimit, answers, answer: resolve });
        if (waiting.length === 1) {
          socket.ref();
          waitForFirst();
        }
        socket.write(frame);
      }),
    end: async () => {
      child.kill('SIGKILL');
      await Promise.all(writing);
    },
  };
}

async function answerTo(
  asked: Asked,
  answers: Answers | undefined,
): Promise<FileInTree | Found | Compiled> {
  try {
    if (answers === undefined) throw new GuardError('internal', 'there is no tree');
    switch (asked.ask) {
      case 'file':
        return await answers.files(asked.path);
      case 'find':
        return await answers.modules.find(asked.request, asked.from);
      case 'load':
        return await answers.modules.load(asked.path);
    }
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

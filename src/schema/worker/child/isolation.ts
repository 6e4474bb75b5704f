import fs from 'node:fs';
import Module from 'node:module';
import { PassThrough, Writable } from 'node:stream';
import { dirname, resolve } from 'node:path';
import { parseEnv, stripVTControlCharacters } from 'node:util';
import type { RenameQuestion, Renames, Surroundings } from '../protocol.ts';
import { describe, ExitCalled } from './failure.ts';
import { answered, answerQuestion } from '../../kit/rename-prompts.ts';
import type { Answer } from '../../kit/folders/resolvers.ts';

/** The latest output explains a failure; only this much is kept. */
const MOST_OUTPUT = 64 * 1024;

export interface Isolation {
  /** Forgets output, exits and questions so far; `output` replaces the old output. */
  reset(output?: string): void;
  /** Sets what `process.cwd()`, `process.env`, `process.argv` and `require.main` return. */
  surround(around: Pick<Surroundings, 'cwd' | 'env' | 'argv' | 'main'>): void;
  /** Text written to stdout and stderr, without colours. */
  output(): string;
  /** @throws ExitCalled when `process.exit` was called, even if the caller caught that. */
  assertNoExit(): void;
  /** The questions about renames that were asked, with their answers. */
  questions(): readonly RenameQuestion[];
  /** Runs drizzle-kit with its questions answered: those in the terminal, and by `answer`. */
  answering<T>(renames: Renames, run: (answer: Answer) => Promise<T>): Promise<T>;
}

/**
 * Makes the process harmless: output is captured, `process.exit` throws, `process.chdir` changes
 * only what `process.cwd` returns, `process.loadEnvFile` reads with `fs`, as the tree is served
 * there, and a terminal of our own answers drizzle-kit's questions. Call it before drizzle-kit is
 * loaded: hanji takes `process.stdin` then.
 */
export function isolate(): Isolation {
  // A schema's own frame may be far below drizzle-orm's.
  Error.stackTraceLimit = 60;
  let written: string[] = [];
  let length = 0;
  let exit: number | undefined;
  let cwd = process.cwd();
  let asked: RenameQuestion[] = [];
  let renames: Renames = { answer: 'created' };
  let busy = false;

  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin, fd: 0 });
  const press = (name: string): void =>
    void stdin.emit('keypress', undefined, {
      name,
      ctrl: false,
      meta: false,
      shift: false,
      sequence: '',
    });

  const write = (whole: string): void => {
    const text = whole.slice(-MOST_OUTPUT);
    written.push(text);
    length += text.length;
    while (length > MOST_OUTPUT && written.length > 1) length -= written.shift()?.length ?? 0;
    const answer = busy ? undefined : answerQuestion(stripVTControlCharacters(text), renames);
    if (answer === undefined) return;
    asked.push(answer.asked);
    // Each key redraws the prompt, which must not be taken for the next question.
    setImmediate(() => {
      busy = true;
      for (let step = 0; step < answer.downs; step += 1) press('down');
      press('return');
      busy = false;
    });
  };
  const terminal = (fd: number): Writable =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write: (chunk: unknown, _encoding, done) => {
          write(
            typeof chunk === 'string'
              ? chunk
              : Buffer.from(chunk instanceof Uint8Array ? chunk : String(chunk)).toString('utf8'),
          );
          done();
        },
      }),
      { isTTY: true, columns: 120, rows: 40, fd },
    );
  const mainModule = require.main ?? new Module('.');
  replace('mainModule', mainModule);
  replace('stdin', stdin);
  replace('stdout', terminal(1));
  replace('stderr', terminal(2));

  const leave = (code?: number | string | null): never => {
    exit ??= Number(code ?? process.exitCode ?? 0);
    throw new ExitCalled(exit);
  };
  replace('exit', leave);
  replace('reallyExit', leave);
  replace('abort', () => leave(134));
  const kill = process.kill.bind(process);
  replace('kill', (pid: number, signal?: string | number) =>
    pid === process.pid && signal !== 0 ? leave(143) : kill(pid, signal),
  );
  replace('cwd', () => cwd);
  replace('chdir', (folder: string) => void (cwd = resolve(cwd, folder)));
  replace('loadEnvFile', (path: string | Buffer | URL = '.env') => {
    for (const [name, value] of Object.entries(parseEnv(fs.readFileSync(path, 'utf8'))))
      if (value !== undefined) process.env[name] ??= value;
  });
  // An error in what a schema leaves running does not matter once its exports are there.
  process.on('uncaughtException', (error) => keep(error, write));
  process.on('unhandledRejection', (error) => keep(error, write));

  return {
    reset: (output = '') => {
      written = [output];
      length = output.length;
      exit = undefined;
      asked = [];
    },
    surround: ({ cwd: folder, env, argv, main }) => {
      cwd = folder;
      process.argv = [process.execPath, ...argv];
      Object.assign(mainModule, { filename: main, path: dirname(main) });
      process.env = Object.fromEntries(
        Object.entries(env).filter(([, value]) => value !== undefined),
      );
    },
    output: () => stripVTControlCharacters(written.join('')).replaceAll('\r', ''),
    assertNoExit: () => {
      if (exit !== undefined) throw new ExitCalled(exit);
    },
    questions: () => asked,
    answering: async (how, run) => {
      renames = how;
      return run((question) => {
        const answer = answered(question, how);
        asked.push(answer);
        return answer.answer;
      });
    },
  };
}

function keep(error: unknown, write: (text: string) => void): void {
  const { why, message, stack } = describe(error, 'threw');
  if (why !== 'exited') write(`${stack ?? message}\n`);
}

function replace(name: string, value: unknown): void {
  Object.defineProperty(process, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: true,
  });
}

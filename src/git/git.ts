import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { getSystemErrorName } from 'node:util';
import type { SimpleGitOptions } from 'simple-git';
import { GuardError } from '../model/errors.ts';
import {
  callerEnvironment,
  gitEnvironment,
  gitVariables,
  type Environment,
} from './environment.ts';

export interface GitOptions {
  /** Absolute path of the folder git is run in. */
  readonly cwd: string;
  /** The caller's whole environment; variables that a reader must not have are removed here. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
  /** For commands that write: git gets the caller's environment as it is. */
  readonly asCaller?: true;
}

export interface RunOptions {
  /** For git's standard input; closed at once when there is none. */
  readonly input?: Uint8Array | string;
  /** Exit codes that are an answer; all others are errors. [0] by default. */
  readonly ok?: readonly number[];
}

export interface Output {
  /** As git wrote it: not trimmed, not decoded. */
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number;
}

const FLAGS = [
  // A file system monitor is a daemon or a hook: reading must not start either.
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.quotePath=false',
  '--no-pager',
];

/**
 * The only caller of git: argv in, bytes and an exit code out. Calls may run at the same time; they
 * share nothing.
 *
 * `run` goes through simple-git, as all of this project does; a third of this file turns off what
 * simple-git adds for callers who want text: its own idea of an error, its waits, and its refusal
 * of variables that git would obey anyway.
 */
export class Git {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal | undefined;

  constructor(options: GitOptions) {
    this.cwd = options.cwd;
    this.env =
      options.asCaller === true ? callerEnvironment(options.env) : gitEnvironment(options.env);
    this.#signal = options.signal;
  }

  /** The same git in another folder or with other variables; undefined removes one. */
  with(change: { readonly cwd?: string; readonly env?: Environment }): Git {
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    return new Git({ cwd: change.cwd ?? this.cwd, env: { ...this.env, ...change.env }, ...signal });
  }

  /**
   * @param args argv without `git`; a revision that a person typed goes behind `--end-of-options`.
   * @throws GuardError `git-missing`; `git-failed` for an exit code that is not in `ok` (also with
   * an empty stderr, which simple-git takes for success), for a killed child, and for an abort.
   */
  async run(args: readonly string[], { input = '', ok = [0] }: RunOptions = {}): Promise<Output> {
    const output = await inTurn(() => this.#spawn(args, Buffer.from(input)));
    if (ok.includes(output.exitCode)) return output;
    throw failed(args, `ended with exit code ${output.exitCode}`, output.stderr);
  }

  /**
   * Starts a git that is asked more than once, which simple-git cannot do; the caller ends it, and
   * turns what goes wrong into an error with `failure`.
   */
  async open(args: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
    const { spawn } = await import('node:child_process');
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    const { cwd, env } = this;
    return spawn('git', [...FLAGS, ...args], { cwd, env, windowsHide: true, ...signal });
  }

  /** @param why the exit code of a git that `open` started (null: killed), or what it threw */
  failure(args: readonly string[], why: unknown, stderr = ''): GuardError {
    if (this.#signal?.aborted === true) return failed(args, 'was stopped', '', this.#signal.reason);
    if (why === null) return failed(args, 'was killed', stderr);
    if (typeof why === 'number') return failed(args, `ended with exit code ${why}`, stderr);
    const { errno } = why as NodeJS.ErrnoException;
    return typeof errno === 'number'
      ? notStarted(args, errno, String(why))
      : failed(args, 'could not be run', '', why);
  }

  async #spawn(args: readonly string[], input: Buffer): Promise<Output> {
    const { simpleGit } = await import('simple-git');
    const results: RawResult[] = [];
    const signal = this.#signal === undefined ? {} : { abort: this.#signal };
    const options: Partial<SimpleGitOptions> = {
      ...OPTIONS,
      ...signal,
      baseDir: this.cwd,
      allowEnvironment: gitVariables(this.env),
      input: () => input,
      errors: keepIn(results),
    };
    try {
      await simpleGit(options)
        .env({ ...this.env })
        .outputHandler((_command, stdout) => stdout.once('end', () => stdout.emit('data', NOTHING)))
        .raw([...FLAGS, ...args]);
    } catch (cause) {
      throw failed(args, 'could not be run', '', cause);
    }
    const [result] = results;
    if (this.#signal?.aborted === true) throw failed(args, 'was stopped', '', this.#signal.reason);
    if (result === undefined) throw failed(args, 'gave no answer', '');
    const { stdout, stderr, exitCode } = result;
    // A child that was ended by a signal has no exit code, although simple-git's types promise one.
    if (typeof exitCode !== 'number') throw failed(args, 'was killed', stderr);
    if (exitCode < 0) throw notStarted(args, exitCode, stderr);
    return { stdout, stderr, exitCode };
  }
}

/** How many processes of git run at once: a mirror push names thousands of refs. */
const MOST_AT_ONCE = 16;
const waiting: (() => void)[] = [];
let running = 0;

async function inTurn<T>(start: () => Promise<T>): Promise<T> {
  if (running < MOST_AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await start();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Git in one folder. simple-git is loaded at the first call of `run`. */
export function createGit(options: GitOptions): Git {
  return new Git(options);
}

interface RawResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: unknown;
}

/**
 * simple-git waits 50 ms for more when a command prints nothing (`completionDetectionPlugin`), as
 * many of ours do. An empty chunk at the end of the output counts as output.
 */
const NOTHING = Buffer.alloc(0);

const OPTIONS: Partial<SimpleGitOptions> = {
  // Wait until all output is read. By default simple-git stops 50 ms after the end of the process,
  // and a large blob loses its tail.
  completion: { onClose: true, onExit: false },
  // simple-git refuses configuration that could name a program. Here it can only come from the
  // caller's own environment, which git obeys without us too; no argument of ours sets any of it.
  // The list must name each kind.
  unsafe: {
    allowUnsafeAlias: true,
    allowUnsafeAskPass: true,
    allowUnsafeCommandBinaries: true,
    allowUnsafeConfigEnvCount: true,
    allowUnsafeConfigPaths: true,
    allowUnsafeCredentialHelper: true,
    allowUnsafeDiffExternal: true,
    allowUnsafeDiffTextConv: true,
    allowUnsafeEditor: true,
    allowUnsafeFilter: true,
    allowUnsafeFsMonitor: true,
    allowUnsafeGitProxy: true,
    allowUnsafeGpgProgram: true,
    allowUnsafeHooksPath: true,
    allowUnsafeInclude: true,
    allowUnsafeMergeDriver: true,
    allowUnsafePack: true,
    allowUnsafePager: true,
    allowUnsafeProtocolOverride: true,
    allowUnsafeSshCommand: true,
    allowUnsafeSubmodule: true,
    allowUnsafeTemplateDir: true,
    allowUnsafeUrlRewrite: true,
  },
};

/**
 * Keeps the raw result instead of simple-git's verdict, which depends on stderr. The chunks are
 * taken out of the array, so that simple-git does not decode 20 MB that may not be text.
 */
function keepIn(results: RawResult[]): NonNullable<SimpleGitOptions['errors']> {
  return (_error, { stdOut, stdErr, exitCode }) => {
    results.push({
      stdout: Buffer.concat(stdOut.splice(0)),
      stderr: Buffer.concat(stdErr).toString('utf8'),
      exitCode,
    });
    return undefined;
  };
}

/** What git printed on stderr, for `help`: each line begins with `git: `. */
export function linesOfGit(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => (line === '' ? [] : [`git: ${line}`]));
}

function notStarted(args: readonly string[], exitCode: number, stderr: string): GuardError {
  const name = getSystemErrorName(exitCode);
  if (name !== 'ENOENT' && name !== 'EACCES')
    return failed(args, `could not be started (${name})`, stderr);
  return new GuardError('git-missing', `git cannot be started (${name})`, {
    help: ['Install git 2.30 or newer, and make sure that it is in PATH where the hook runs.'],
    cause: new Error(stderr),
  });
}

function failed(
  args: readonly string[],
  what: string,
  stderr: string,
  cause?: unknown,
): GuardError {
  const lines = linesOfGit(stderr);
  return new GuardError('git-failed', `git ${args[0] ?? ''} ${what}`, {
    help: lines.length > 0 ? lines : ['git printed no reason.'],
    cause: cause ?? new Error(`git ${args.join(' ')}\n${stderr}`),
  });
}

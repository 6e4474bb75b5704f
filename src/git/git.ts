import { getSystemErrorName } from 'node:util';
import type { SimpleGitOptions } from 'simple-git';
import { GuardError } from '../model/errors.ts';
import { gitEnvironment, gitVariables, type Environment } from './environment.ts';

export interface GitOptions {
  /** Absolute path of the folder git is run in. */
  readonly cwd: string;
  /** The caller's whole environment; what is unfit for a reader is taken out here. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

export interface RunOptions {
  /** For git's standard input; closed at once when there is none. */
  readonly input?: Uint8Array | string;
  /** Exit codes that are an answer; all others are errors. [0] by default. */
  readonly ok?: readonly number[];
}

export interface Output {
  /** Untouched. */
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

/** The one way to git: argv in, bytes and an exit code out. Safe to call many times at once: nothing is shared. */
export class Git {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal | undefined;

  constructor(options: GitOptions) {
    this.cwd = options.cwd;
    this.env = gitEnvironment(options.env);
    this.#signal = options.signal;
  }

  /** The same, run in another folder or with other variables; undefined takes one away. */
  with(change: { readonly cwd?: string; readonly env?: Environment }): Git {
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    return new Git({ cwd: change.cwd ?? this.cwd, env: { ...this.env, ...change.env }, ...signal });
  }

  /**
   * @param args argv without `git`; a revision that a person typed goes behind `--end-of-options`.
   * @throws GuardError `git-missing`; `git-failed` for an exit code that is not in `ok` (with or without words on
   * stderr: simple-git's own rule takes a silent failure for success), a killed child, and an abort.
   */
  async run(args: readonly string[], { input = '', ok = [0] }: RunOptions = {}): Promise<Output> {
    const output = await this.#spawn(args, Buffer.from(input));
    if (ok.includes(output.exitCode)) return output;
    throw failed(args, `ended with exit code ${output.exitCode}`, output.stderr);
  }

  async #spawn(args: readonly string[], input: Buffer): Promise<Output> {
    const { simpleGit } = await import('simple-git');
    const seen: Seen[] = [];
    const signal = this.#signal === undefined ? {} : { abort: this.#signal };
    const options: Partial<SimpleGitOptions> = {
      ...OPTIONS,
      ...signal,
      baseDir: this.cwd,
      allowEnvironment: gitVariables(this.env),
      input: () => input,
      errors: keepIn(seen),
    };
    try {
      await simpleGit(options)
        .env({ ...this.env })
        .outputHandler((_command, stdout) => stdout.once('end', () => stdout.emit('data', NOTHING)))
        .raw([...FLAGS, ...args]);
    } catch (cause) {
      throw failed(args, 'could not be run', '', cause);
    }
    const [result] = seen;
    if (this.#signal?.aborted === true) throw failed(args, 'was stopped', '', this.#signal.reason);
    if (result === undefined) throw failed(args, 'gave no answer', '');
    const { stdout, stderr, exitCode } = result;
    // A child that a signal ended has no exit code, whatever simple-git's types say.
    if (typeof exitCode !== 'number') throw failed(args, 'was killed', stderr);
    if (exitCode < 0) throw notStarted(args, exitCode, stderr);
    return { stdout, stderr, exitCode };
  }
}

/** A wrapper around git for one folder. Loads simple-git at the first call of `run`. */
export function createGit(options: GitOptions): Git {
  return new Git(options);
}

interface Seen {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: unknown;
}

/**
 * simple-git waits 50 ms for more where a command put out nothing (`completionDetectionPlugin`), and many of ours
 * answer with nothing. An empty chunk at the end of the output counts as output.
 */
const NOTHING = Buffer.alloc(0);

const OPTIONS: Partial<SimpleGitOptions> = {
  // Until all output is read. By default simple-git waits no longer than 50 ms from the end of the process: a large
  // blob would lose its tail.
  completion: { onClose: true, onExit: false },
  // simple-git refuses configuration in the environment that could name a program. These variables are the caller's
  // own, git would obey them without us, and no argument of ours sets any of these.
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
 * simple-git's own verdict is set aside (it looks at stderr) and the raw result kept. The chunks are taken out of the
 * array, so that simple-git does not decode what may be 20 MB of something else than text.
 */
function keepIn(seen: Seen[]): NonNullable<SimpleGitOptions['errors']> {
  return (_error, { stdOut, stdErr, exitCode }) => {
    seen.push({
      stdout: Buffer.concat(stdOut.splice(0)),
      stderr: Buffer.concat(stdErr).toString('utf8'),
      exitCode,
    });
    return undefined;
  };
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
  const said = stderr.split('\n').filter((line) => line !== '');
  return new GuardError('git-failed', `git ${args[0] ?? ''} ${what}`, {
    help: said.length > 0 ? said.map((line) => `git: ${line}`) : ['git said nothing about it.'],
    cause: cause ?? new Error(`git ${args.join(' ')}\n${stderr}`),
  });
}

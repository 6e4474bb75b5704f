import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface How {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/**
 * A real repository in a temporary folder, with a git that sees nothing of the person who runs the
 * tests.
 */
export interface TestRepository extends AsyncDisposable {
  /** The top of the working tree: absolute, real path. */
  readonly dir: string;
  /** The folder around it, for clones, remotes and linked worktrees; goes with the repository. */
  readonly around: string;
  readonly env: Readonly<Record<string, string>>;
  write(path: string, text: string | Uint8Array): Promise<void>;
  remove(...paths: string[]): Promise<void>;
  /** Runs git; answers with its output, throws when it fails. */
  git(...args: string[]): Promise<string>;
  /** Runs git, or another program, and answers however it ends. */
  run(program: string, args: readonly string[], how?: How): Promise<Answer>;
  stage(...paths: string[]): Promise<void>;
  /** Stages everything and commits it, past hooks; answers with the commit's oid. */
  commit(message?: string): Promise<string>;
}

export interface RepositoryOptions {
  /**
   * Kept until the caller disposes of it (`beforeAll`/`afterAll`); otherwise it goes when the test
   * is finished.
   */
  readonly shared?: boolean;
  readonly objectFormat?: 'sha1' | 'sha256';
  /** Folder names below the temporary folder, for names with blanks and the like. */
  readonly name?: string;
  /** Absolute path of a repository to be copied, its `.git` too; otherwise a new one is made. */
  readonly template?: string;
}

/**
 * Quiet, quick and the same everywhere: no gc behind a test's back, no signatures, no line-ending
 * conversion.
 */
const CONFIG = `[gc]
	auto = 0
[maintenance]
	auto = false
[commit]
	gpgSign = false
[core]
	autocrlf = false
[advice]
	detachedHead = false
`;

/**
 * A repository with these files in its working tree, none staged: call `commit()` for the first
 * commit.
 */
export async function repository(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: RepositoryOptions = {},
): Promise<TestRepository> {
  const around = await realpath(await mkdtemp(join(tmpdir(), 'guard-')));
  const dir = join(around, options.name ?? 'repository');
  const env = hermetic(join(around, 'home'));
  const run: TestRepository['run'] = (program, args, how = {}) =>
    spawned(program, args, { cwd: dir, ...how, env: { ...env, ...how.env } });
  const made: TestRepository = {
    dir,
    around,
    env,
    run,
    async write(path, text) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    },
    async remove(...paths) {
      for (const path of paths) await rm(join(dir, path), { recursive: true });
    },
    async git(...args) {
      const { exitCode, stdout, stderr } = await run('git', args);
      if (exitCode !== 0)
        throw new Error(`git ${args.join(' ')} ended with ${exitCode}\n${stdout}${stderr}`);
      return stdout;
    },
    async stage(...paths) {
      await made.git('add', '--all', '--', ...paths.map((path) => `:(top,literal)${path}`));
    },
    async commit(message = 'change') {
      await made.git('add', '--all');
      await made.git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', message);
      return (await made.git('rev-parse', 'HEAD')).trim();
    },
    async [Symbol.asyncDispose]() {
      await rm(around, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  if (options.shared !== true) onTestFinished(() => made[Symbol.asyncDispose]());
  if (options.template === undefined) {
    await mkdir(dir, { recursive: true });
    await made.git(
      'init',
      '--quiet',
      '--template=',
      '--initial-branch=main',
      `--object-format=${options.objectFormat ?? 'sha1'}`,
    );
    await appendFile(join(dir, '.git/config'), CONFIG);
  } else {
    await cp(options.template, dir, { recursive: true, verbatimSymlinks: true });
    // The index knows the files that were copied by other inodes and times.
    await made.git('update-index', '-q', '--refresh');
  }
  for (const [path, text] of Object.entries(files)) await made.write(path, text);
  return made;
}

function hermetic(home: string): Readonly<Record<string, string>> {
  const person = { NAME: 'Ada', EMAIL: 'ada@example.com', DATE: '2024-05-06T07:08:09Z' };
  const people = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
    Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value] as const),
  );
  const kept = ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return {
    ...Object.fromEntries([...kept, ...people]),
    HOME: home,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_EDITOR: 'true',
    LC_ALL: 'C',
  };
}

function spawned(
  program: string,
  args: readonly string[],
  {
    cwd,
    env,
    input,
  }: How & { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd, env, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr, exitCode: 0 });
        else if (typeof error.code === 'number') resolve({ stdout, stderr, exitCode: error.code });
        else reject(error);
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

import { spawn } from 'node:child_process';
import { chmod, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { folderOf } from '../model/repo-path.ts';
import { commandLine } from './command-line.ts';
import type { Command, FileEdit, Worktree, Plan } from './hook-manager.ts';

/** One thing that was done. */
type Step =
  | { readonly kind: 'made' | 'changed' | 'removed' | 'run-bit'; readonly path: string }
  | { readonly kind: 'ran'; readonly command: Command; readonly output: string };

/**
 * What became of a plan. Where something failed, no file is left changed unless a command failed
 * after the edits.
 */
export interface Applied {
  readonly done: readonly Step[];
  readonly failure?: { readonly message: string; readonly output?: string };
}

interface ApplyOptions {
  /** For the commands. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called before each step that takes time. */
  readonly onCommand?: (command: Command) => void;
}

/**
 * Carries a plan out: edits first, each only where the file still is as the plan found it (else
 * nothing is written at all), then the commands, up to the first that fails. A folder that a
 * removed file leaves empty goes too.
 */
export async function apply(
  worktree: Worktree,
  plan: Plan,
  { env, onCommand = () => undefined }: ApplyOptions,
): Promise<Applied> {
  for (const { path, before } of plan.edits) {
    if ((await worktree.read(path)) !== before)
      return {
        done: [],
        failure: { message: `${path} has changed since it was read; nothing was written` },
      };
  }
  const written: FileEdit[] = [];
  const done: Step[] = [];
  for (const edit of plan.edits) {
    try {
      written.push(edit);
      done.push(...(await write(worktree, edit)));
    } catch (cause) {
      for (const { path, before, after } of written.toReversed())
        await write(worktree, { path, before: after, after: before }).catch(() => undefined);
      return {
        done: [],
        failure: {
          message:
            `${edit.path} cannot be written (${cause instanceof Error ? cause.message : String(cause)}); ` +
            'the other files are as before',
        },
      };
    }
  }
  for (const command of plan.commands) {
    onCommand(command);
    const { exitCode, output } = await run(join(worktree.top, command.folder ?? ''), command, env);
    if (exitCode !== 0)
      return {
        done,
        failure: {
          message: `${commandLine(command)} ${exitCode === undefined ? 'could not be run' : `ended with ${exitCode}`}`,
          output,
        },
      };
    done.push({ kind: 'ran', command, output });
  }
  return { done };
}

async function write(
  worktree: Worktree,
  { path, before, after, executable }: FileEdit,
): Promise<Step[]> {
  const file = worktree.locate(path);
  if (after === undefined) {
    await rm(file, { force: true });
    await removeEmpty(worktree, folderOf(path));
    return before === undefined ? [] : [{ kind: 'removed', path }];
  }
  const steps: Step[] = [];
  if (after !== before) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, after);
    steps.push({ kind: before === undefined ? 'made' : 'changed', path });
  }
  if (executable === true && !(await worktree.isExecutable(path))) {
    const { mode } = await stat(file);
    // Those who may read it may run it.
    await chmod(file, mode | ((mode & 0o444) >> 2));
    if (before !== undefined) steps.push({ kind: 'run-bit', path });
  }
  return steps;
}

/** Upwards to the top; git's own folders stay. */
async function removeEmpty(worktree: Worktree, folder: string): Promise<void> {
  for (let at = folder; at !== '' && at !== '.git' && !at.startsWith('.git/'); at = folderOf(at)) {
    const gone = await rmdir(worktree.locate(at)).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

/**
 * What is really started: on Windows npm, npx, pnpm and the like are `.cmd` files, which only a
 * shell can run.
 */
export function startOf(
  { program, args }: Command,
  system: string,
): { readonly program: string; readonly args: readonly string[]; readonly shell: boolean } {
  if (system !== 'win32' || program === 'git' || program === 'node')
    return { program, args, shell: false };
  // cmd.exe: a word in double quotes is one word; `%` would still name a variable.
  const words = [program, ...args].map((word) =>
    /^[\w@+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`,
  );
  return { program: words.join(' '), args: [], shell: true };
}

/**
 * Where `CI` is set, as agents do too, pnpm and Yarn refuse to bring the lock file up to date with a
 * package.json that has just changed (pnpm.io/cli/install, yarnpkg.com/configuration/yarnrc).
 */
const CHANGES_LOCK_FILE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pnpm: { npm_config_frozen_lockfile: 'false' },
  yarn: { YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
};

/** Without a terminal to ask on: it must not wait for an answer. */
function run(
  cwd: string,
  command: Command,
  env: ApplyOptions['env'],
): Promise<{ exitCode: number | undefined; output: string }> {
  const { program, args, shell } = startOf(command, platform());
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, ...CHANGES_LOCK_FILE[command.program] },
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ exitCode: undefined, output: error.message }));
    child.on('close', (code) =>
      resolve({ exitCode: code ?? undefined, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

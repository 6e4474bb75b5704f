import { execFile, fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Rename } from './transition.ts';

/**
 * Runs `drizzle-kit <args>` in a folder (absolute); gives what it printed. Where there are
 * `renames` it is at a terminal, and its questions are answered with them, or with "created".
 */
export type RunKit = (
  cwd: string,
  args: readonly string[],
  renames?: readonly Rename[],
) => Promise<string>;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BIN = fileURLToPath(new URL('../../node_modules/drizzle-kit/bin.cjs', import.meta.url));
const execute = promisify(execFile);

/**
 * One process of drizzle-kit for many runs, one after the other. It ends with `close`, or with this
 * process.
 */
export function openKit(): { readonly run: RunKit; close(): void } {
  const child = fork(join(HERE, 'kit-process.cjs'), [BIN], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: environment(),
  });
  child.unref();
  child.channel?.unref();
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (cwd, args, renames) => {
      const answer = last.then(() => ask(child, { cwd, args, renames }));
      last = answer.catch(() => undefined);
      return answer;
    },
    close: () => void child.disconnect(),
  };
}

/**
 * drizzle-kit's own program, unchanged and in a process of its own; at a terminal only where it may
 * ask. The slow way.
 */
export const spawnKit: RunKit = async (cwd, args, renames) => {
  const answering =
    renames === undefined
      ? {}
      : {
          NODE_OPTIONS: `--require=${JSON.stringify(join(HERE, 'terminal.cjs'))}`,
          CORPUS_RENAMES: JSON.stringify(renames),
        };
  // Its exit code proves nothing; what it wrote is looked at.
  const { stdout, stderr } = await execute(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...environment(), ...answering },
  });
  return stdout + stderr;
};

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([key]) => key !== 'NODE_OPTIONS' && !key.startsWith('VITEST'),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', FORCE_COLOR: '0' };
}

function ask(child: ChildProcess, request: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of drizzle-kit ended'));
    if (!child.connected) return ended();
    child.once('exit', ended);
    child.once('message', (printed) => {
      child.off('exit', ended);
      resolve(String(printed));
    });
    child.send(request);
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGHUP';

/** A process as `/proc` shows it (Linux). */
export interface Running {
  readonly pid: number;
  readonly argv: readonly string[];
}

export interface Victim {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Who gets the signal: all that a terminal's Ctrl-C reaches, or the guard alone, wherever it runs
   * among the others.
   */
  readonly whom: 'group' | 'guard';
  readonly signal: Signal;
  /** Milliseconds from the start of the guard; never where it is not given. */
  readonly after?: number;
  /** How the guard is distinguished from git and the shell. */
  readonly isGuard: (running: Running) => boolean;
}

export interface Death {
  /** False: it had ended before the signal came. */
  readonly struck: boolean;
  /** What was running when the signal came. */
  readonly running: readonly Running[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the start of the guard to the end of the command. */
  readonly lasted: number;
  /**
   * Milliseconds from the signal to the end of the command, and to the end of all that it started.
   */
  readonly ended: number;
  readonly gone: number;
  /** What had not ended after `PATIENCE`. */
  readonly left: readonly Running[];
}

/**
 * Milliseconds that a process may outlive the guard before it counts as left over: far more than
 * any machine needs.
 */
const PATIENCE = 60_000;
const MARK = 'GUARD_TEST_MARK';

/** Starts a command in a process group of its own, and sends the signal when its time has come. */
export async function kill({
  command: [program, ...args],
  cwd,
  env,
  whom,
  signal,
  after = Infinity,
  isGuard,
}: Victim): Promise<Death> {
  const mark = `${MARK}=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const child = spawn(program, args, {
    cwd,
    env: { ...env, [name]: value },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  const exit = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => resolve([code, by]));
  });
  const descent = (): readonly Running[] => runningOf(mark, child.pid ?? 0);
  const guard = await appearing(child, () => descent().find(isGuard));
  const appeared = performance.now();
  if (after < Infinity) await Promise.race([pass(after), exit]);
  else await exit;
  const running = descent();
  const struck =
    child.exitCode === null &&
    guard !== undefined &&
    running.some(({ pid }) => pid === guard.pid) &&
    // To list all takes long enough for the guard to end, and for git to go on with a push.
    send(guard.pid, 0) &&
    send(whom === 'group' ? -(child.pid ?? 0) : guard.pid, signal);
  const at = performance.now();
  const [code, by] = await exit;
  const [ended, lasted] = [performance.now() - at, performance.now() - appeared];
  let left = descent();
  while (left.length > 0 && performance.now() - at < PATIENCE) {
    await pass(10);
    left = descent();
  }
  const gone = performance.now() - at;
  // All who could write to them are gone, or are reported.
  if (left.length > 0) for (const stream of [child.stdout, child.stderr]) stream.destroy();
  return {
    struck,
    running,
    code,
    signal: by,
    stdout: await said.stdout,
    stderr: await said.stderr,
    lasted,
    ended,
    gone,
    left,
  };
}

async function appearing(
  child: ChildProcess,
  find: () => Running | undefined,
): Promise<Running | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = find();
    if (found !== undefined) return found;
    await pass(2);
  }
  return undefined;
}

/** @param signal 0: only whether the process is there */
function send(pid: number, signal: Signal | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  return new Promise((resolve) => {
    stream.once('close', () => resolve(text));
  });
}

/**
 * All that carries the mark in its environment or belongs to the group, but for those that have
 * ended and wait to be asked about.
 */
function runningOf(mark: string, group: number): readonly Running[] {
  return readdirSync('/proc').flatMap((name): readonly Running[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, state, , pgrp] =
        /^\d+ \(.*\) (\S) (\d+) (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
      if (state === undefined || 'ZX'.includes(state)) return [];
      if (
        Number(pgrp) !== group &&
        !readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark)
      )
        return [];
      return [
        {
          pid: Number(name),
          argv: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1),
        },
      ];
    } catch {
      // It ended while it was looked at, or is another user's.
      return [];
    }
  });
}

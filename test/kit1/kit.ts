import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modulesOf, type Dialect1, type Kit1 } from '../support/kit1.ts';

export const KIT1_DIALECTS = [
  'postgresql',
  'mysql',
  'sqlite',
  'turso',
  'singlestore',
  'mssql',
  'cockroach',
] as const satisfies readonly Dialect1[];

/** Something that drizzle-kit asks: was this created, or renamed from another of its kind? */
export interface Question {
  readonly kind: string;
  /** Of `to`: the schema, the table and the name, as far as the kind has them. */
  readonly entity: readonly string[];
}

export interface KitError {
  readonly code: string;
  readonly message?: string;
  /** Of `invalid_hints`. */
  readonly kind?: string;
  readonly from?: readonly string[];
}

/** What a command of drizzle-kit 1.x answers with `--output json`. */
export type KitAnswer =
  | {
      readonly status: 'ok';
      readonly migration_path?: string;
      readonly warnings?: readonly unknown[];
    }
  | { readonly status: 'no_changes' }
  | { readonly status: 'missing_hints'; readonly unresolved: readonly Question[] }
  | { readonly status: 'error'; readonly error: KitError };

/** Runs a command of drizzle-kit in a folder (absolute); options as its command line names them. */
export type RunKit1 = (
  cwd: string,
  command: 'generate' | 'check' | 'up',
  options: Readonly<Record<string, unknown>>,
) => Promise<KitAnswer>;

const HERE = fileURLToPath(new URL('.', import.meta.url));

/**
 * One process of drizzle-kit for many calls, one after the other. It ends with `close`, or with
 * this process.
 */
export async function openKit1(kit: Kit1): Promise<{ readonly run: RunKit1; close(): void }> {
  const child = fork(join(HERE, 'kit-process.mjs'), [join(modulesOf(kit), 'drizzle-kit/cli.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: environment(),
  });
  child.unref();
  child.channel?.unref();
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the process of drizzle-kit ended, ${code}`)));
  });
  ended.catch(() => undefined);
  child.channel?.ref();
  await Promise.race([once(child, 'message'), ended]);
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (cwd, command, options) => {
      const answer = last.then(async () => {
        child.send({ cwd, command, options });
        const [said] = (await Promise.race([once(child, 'message'), ended])) as [KitAnswer];
        return said;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
    close: () => child.disconnect(),
  };
}

/**
 * drizzle-kit's own program, in a process of its own, for each call: the slow way.
 * @returns what it printed as JSON; with nothing printed, an error of the code `silent`.
 */
export function spawnKit1(kit: Kit1): RunKit1 {
  const bin = join(modulesOf(kit), 'drizzle-kit/bin.cjs');
  return (cwd, command, options) =>
    new Promise((resolve) => {
      const args = Object.entries(options).map(
        ([name, value]) => `--${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      execFile(
        process.execPath,
        [bin, command, '--output=json', ...args],
        { cwd, env: environment() },
        (_, stdout) => {
          const text = stdout.trim();
          resolve(
            text === ''
              ? { status: 'error', error: { code: 'silent' } }
              : (JSON.parse(text) as KitAnswer),
          );
        },
      );
    });
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([key]) => key !== 'NODE_OPTIONS' && !key.startsWith('VITEST'),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', FORCE_COLOR: '0' };
}

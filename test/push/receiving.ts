import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../../src/main.ts';
import { migrations } from '../support/history.ts';
import {
  repository,
  type Answer,
  type RepositoryOptions,
  type TestRepository,
} from '../support/repository.ts';

export interface Receiving extends TestRepository {
  /** The git folder that is pushed to, as `origin`. */
  readonly server: string;
  /** A real push, received by the real hook. */
  push(...args: string[]): Promise<Answer>;
  /** Writes the migrations folder as drizzle-kit would have left it with so many migrations. */
  migrate(count: number): Promise<void>;
  edit(path: string, change: (text: string) => string): Promise<void>;
  /**
   * Makes the built guard the server's pre-receive hook; `before` are lines of shell that come
   * before the call.
   */
  receive(args?: string, before?: string): Promise<void>;
  /** What a ref of the server names; '' where there is none. */
  onServer(ref: string): Promise<string>;
}

export interface ReceivingOptions extends RepositoryOptions {
  /** The migrations of that project; one in a journal by default. */
  readonly history?: Readonly<Record<string, string>>;
  /** Written over those of a small project with one migration. */
  readonly files?: Readonly<Record<string, string>>;
  /** The server has a working tree. */
  readonly bare?: false;
  /** Nothing is pushed yet. */
  readonly empty?: true;
}

export const CONFIG = `import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' });\n`;

/**
 * A server and a clone of it, neither with a node_modules near; one migration is there, and the
 * hook is on.
 */
export async function receiving({
  history = migrations(1),
  files = {},
  bare,
  empty,
  ...options
}: ReceivingOptions = {}): Promise<Receiving> {
  const repo = await repository(
    {
      'package.json': '{ "name": "shop" }\n',
      'drizzle.config.ts': CONFIG,
      'src/schema.ts': '// No tables yet.\n',
      ...history,
      ...files,
    },
    options,
  );
  const at = join(repo.around, 'server');
  const server = bare === false ? join(at, '.git') : at;
  const made: Receiving = Object.assign(repo, {
    server,
    push: (...args: string[]) => repo.run('git', ['push', ...args]),
    async migrate(count: number) {
      for (const [path, text] of Object.entries(migrations(count))) await repo.write(path, text);
    },
    async edit(path: string, change: (text: string) => string) {
      const text = await readFile(join(repo.dir, path), 'utf8');
      const edited = change(text);
      if (edited === text) throw new Error(`the edit of ${path} changed nothing`);
      await repo.write(path, edited);
    },
    async receive(args = '', before = '') {
      const cli = await cliElsewhere(repo.around);
      await mkdir(join(server, 'hooks'), { recursive: true });
      await writeFile(
        join(server, 'hooks/pre-receive'),
        `#!/bin/sh\nunset HOME\nPATH=/usr/bin:/bin\nexport PATH\n${before}\nexec "${process.execPath}" "${cli}" pre-receive ${args}\n`,
      );
      await chmod(join(server, 'hooks/pre-receive'), 0o755);
    },
    onServer: async (ref: string) =>
      (
        await repo.run('git', ['--git-dir', server, 'rev-parse', '--verify', '--quiet', ref])
      ).stdout.trim(),
  });
  await repo.commit('start');
  await repo.git(
    'init',
    '-q',
    '--template=',
    '--initial-branch=main',
    `--object-format=${options.objectFormat ?? 'sha1'}`,
    ...(bare === false ? [] : ['--bare']),
    at,
  );
  if (bare === false)
    await repo.git('-C', at, 'config', 'receive.denyCurrentBranch', 'updateInstead');
  await repo.git('remote', 'add', 'origin', at);
  if (empty !== true) await repo.git('push', '-q', '-u', 'origin', 'main');
  await made.receive();
  return made;
}

/** The built guard, where node finds no package at all: what a server has without `npm install`. */
async function cliElsewhere(around: string): Promise<string> {
  const cli = process.env['GUARD_CLI'];
  if (cli === undefined) throw new Error('the guard is not built: see global-setup.ts');
  const there = join(around, 'guard');
  await cp(dirname(cli), there, { recursive: true });
  await writeFile(join(there, 'package.json'), '{ "type": "module" }\n');
  return join(there, 'cli.js');
}

/** The rules that refuse, as the push prints them. */
export function refusedBy({ stderr }: Answer): readonly string[] {
  return [...stderr.matchAll(/^remote: ✖ ([a-z-]+):/gm)].map(([, rule]) => rule ?? '');
}

/** All that is in the server's git folder, but for objects and refs. */
export async function filesOf(server: string): Promise<readonly string[]> {
  const names = await readdir(server, { recursive: true });
  return names.filter((name) => !/^(?:objects|refs|packed-refs|index)/.test(name)).sort();
}

/** Runs the guard in the server's git folder, in this process and from its sources. */
export async function guardIn(
  { server, env }: Receiving,
  argv: readonly string[],
  stdin: string,
): Promise<Answer> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await run({
    argv,
    cwd: server,
    env: { ...env, GIT_DIR: '.' },
    stdin: Readable.from(stdin === '' ? [] : [stdin]),
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
  });
  return { exitCode, ...said };
}

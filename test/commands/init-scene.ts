import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { InitFlags } from '../../src/commands/init.ts';
import type { CliContext } from '../../src/cli-context.ts';
import type { TestRepository } from '../support/repository.ts';
import { installGuard } from '../hooks/managers/installed.ts';
import { scene, type Said, type Scene } from '../support/scene.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * A Drizzle project that has the guard among its dependencies, installed:
 * `node_modules/.bin/drizzle-guard` is the built one.
 */
export async function shop(manifest: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  const repo = await scene();
  // A folder of its own: what a package manager did there would not reach this repository's.
  await rm(join(repo.dir, 'node_modules'));
  await mkdir(join(repo.dir, 'node_modules/.bin'), { recursive: true });
  for (const name of await readdir(MODULES))
    if (!/^\.|^drizzle-guard$/.test(name))
      await symlink(join(MODULES, name), join(repo.dir, 'node_modules', name), 'dir');
  await installGuard(join(repo.dir, 'node_modules'));
  const { devDependencies = {}, ...rest } = manifest;
  await repo.edit(
    'package.json',
    (text) =>
      `${JSON.stringify({ ...JSON.parse(text), devDependencies: { 'drizzle-guard': '^0.1.0', ...(devDependencies as object) }, ...rest }, null, 2)}\n`,
  );
  await repo.commit('the guard is a dependency');
  return repo;
}

/** husky 9, installed: hooks in .husky, git points to .husky/_. */
export async function withHusky(
  repo: Scene,
  hooks: Readonly<Record<string, string>> = { 'pre-commit': 'echo formatted\n' },
): Promise<void> {
  await repo.edit('package.json', (text) =>
    text
      .replace('"drizzle-guard"', '"husky": "^9.1.7",\n    "drizzle-guard"')
      .replace('"scripts": {', '"scripts": {\n    "prepare": "husky",'),
  );
  for (const [name, text] of Object.entries(hooks)) await repo.write(`.husky/${name}`, text);
  const { exitCode, stderr } = await repo.run(process.execPath, [
    join(repo.dir, 'node_modules/husky/bin.js'),
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await repo.commit('husky');
}

export interface Session extends Said {
  /** Everything that the terminal was sent. */
  readonly screen: string;
}

/** Runs the built `guard init`, as users do, without a terminal. */
export async function runInit(
  repo: TestRepository,
  { yes = false, dryRun = false, ci, manager }: Partial<InitFlags> = {},
  how: Calling = {},
): Promise<Said> {
  return built(
    repo,
    [
      'init',
      ...(yes ? ['--yes'] : []),
      ...(dryRun ? ['--dry-run'] : []),
      ...(ci === undefined ? [] : ['--ci', ci]),
      ...(manager === undefined ? [] : ['--manager', manager]),
    ],
    how,
  );
}

/** Runs the built `guard uninstall` without a terminal. */
export async function runUninstall(
  repo: TestRepository,
  { yes = false, dryRun = false }: { readonly yes?: boolean; readonly dryRun?: boolean } = {},
  how: Calling = {},
): Promise<Said> {
  return built(
    repo,
    ['uninstall', ...(yes ? ['--yes'] : []), ...(dryRun ? ['--dry-run'] : [])],
    how,
  );
}

interface Calling {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function built(repo: TestRepository, args: readonly string[], how: Calling): Promise<Said> {
  const cli = process.env['GUARD_CLI'];
  if (cli === undefined) throw new Error('the guard is not built: see global-setup.ts');
  return repo.run(process.execPath, [cli, ...args], how);
}

export const KEYS = {
  enter: '\r',
  down: '\u001B[B',
  left: '\u001B[D',
  ctrlC: '\u0003',
  escape: '\u001B',
} as const;

/** A terminal with a person at it: after each text appears on the screen, its keys are typed. */
export async function atTerminal(
  repo: Scene,
  script: readonly (readonly [appears: string, keys: string])[],
  run: (world: CliContext) => Promise<number>,
  env: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode: () => undefined,
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: true as const, columns: 120, rows: 60 });
  let screen = '';
  const waiting = [...script];
  stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString('utf8');
    const [next] = waiting;
    if (next === undefined || !screen.includes(next[0])) return;
    waiting.shift();
    // The prompt listens once it has drawn itself.
    setTimeout(() => stdin.write(next[1]), 20);
  });
  const exitCode = await run({
    argv: [],
    cwd: repo.dir,
    env: { ...repo.env, NO_COLOR: '1', ...env },
    stdin,
    stdout,
    stderr: { write: () => true },
  });
  expect(waiting, screen).toEqual([]);
  return { exitCode, stdout: screen, stderr: '', screen };
}

/** What git sees as changed since the last commit, and every file that it does not ignore. */
export async function status(repo: Scene): Promise<string> {
  return repo.git('status', '--short', '--untracked-files=all');
}

/**
 * Every file of `.git/hooks` and of the working tree without node_modules and the database of git:
 * path, mode and text.
 */
export async function everything(repo: TestRepository): Promise<ReadonlyMap<string, string>> {
  const list = execFileSync(
    'find',
    [
      '.',
      '-type',
      'f',
      '-not',
      '-path',
      './node_modules/*',
      '(',
      '-not',
      '-path',
      './.git/*',
      '-o',
      '-path',
      './.git/hooks/*',
      ')',
    ],
    { cwd: repo.dir, encoding: 'utf8' },
  );
  const files = list
    .split('\n')
    .filter((path) => path !== '')
    .sort();
  return new Map(
    await Promise.all(
      files.map(
        async (path) =>
          [
            path,
            `${(await stat(join(repo.dir, path))).mode.toString(8)} ${await readFile(join(repo.dir, path), 'utf8')}`,
          ] as const,
      ),
    ),
  );
}

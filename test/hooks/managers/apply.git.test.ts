import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apply, startOf } from '../../../src/hooks/apply.ts';
import { commandLine } from '../../../src/hooks/command-line.ts';
import type { Plan } from '../../../src/hooks/hook-manager.ts';
import { repository, type TestRepository } from '../../support/repository.ts';
import { placeOf } from './installed.ts';

const plan = (more: Partial<Plan>): Plan => ({ edits: [], commands: [], notes: [], ...more });
const applied = async (repo: TestRepository, what: Partial<Plan>) =>
  apply(await placeOf(repo), plan(what), { env: repo.env });
const read = (repo: TestRepository, path: string): Promise<string | undefined> =>
  readFile(join(repo.dir, path), 'utf8').catch(() => undefined);

describe('the edits of a plan', () => {
  it('make, change and remove files, with their run bits, and take empty folders along', async () => {
    const repo = await repository({
      'a.txt': 'a',
      'deep/er/b': 'b',
      'kept/c': 'c',
      'kept/d': 'd',
      same: 's',
    });
    const { done, failure } = await applied(repo, {
      edits: [
        { path: 'a.txt', before: 'a', after: 'A' },
        { path: 'deep/er/b', before: 'b', after: undefined },
        { path: 'kept/c', before: 'c', after: undefined },
        { path: 'new/folder/hook', before: undefined, after: '#!/bin/sh\n', executable: true },
        { path: 'same', before: 's', after: 's', executable: true },
        { path: '.git/hooks/pre-push', before: undefined, after: 'x', executable: true },
      ],
    });
    expect(failure).toBeUndefined();
    expect(done).toEqual([
      { kind: 'changed', path: 'a.txt' },
      { kind: 'removed', path: 'deep/er/b' },
      { kind: 'removed', path: 'kept/c' },
      { kind: 'made', path: 'new/folder/hook' },
      { kind: 'run-bit', path: 'same' },
      { kind: 'made', path: '.git/hooks/pre-push' },
    ]);
    expect((await repo.git('ls-files', '--others')).split('\n').filter(Boolean).sort()).toEqual([
      'a.txt',
      'kept/d',
      'new/folder/hook',
      'same',
    ]);
    await expect(stat(join(repo.dir, 'deep'))).rejects.toThrow(/ENOENT/);
    for (const path of ['new/folder/hook', 'same', '.git/hooks/pre-push'])
      expect((await stat(join(repo.dir, path))).mode & 0o111).not.toBe(0);
    expect((await stat(join(repo.dir, 'a.txt'))).mode & 0o111).toBe(0);
  });

  it('are not made at all where one file is not as it was', async () => {
    const repo = await repository({ a: 'a', b: 'other' });
    const edits = [
      { path: 'a', before: 'a', after: 'A' },
      { path: 'b', before: 'b', after: 'B' },
    ];
    expect(
      await applied(repo, { edits, commands: [{ program: 'touch', args: ['ran'], why: '' }] }),
    ).toEqual({
      done: [],
      failure: { message: 'b has changed since it was read; nothing was written' },
    });
    expect([await read(repo, 'a'), await read(repo, 'ran')]).toEqual(['a', undefined]);
  });

  it('are taken back where one cannot be made', async () => {
    const repo = await repository({ a: 'a' });
    await mkdir(join(repo.dir, 'b/c'), { recursive: true });
    const { done, failure } = await applied(repo, {
      edits: [
        { path: 'a', before: 'a', after: 'A' },
        { path: 'new/x', before: undefined, after: 'x' },
        { path: 'b/c', before: undefined, after: 'B' },
      ],
    });
    expect({ done, message: failure?.message }).toEqual({
      done: [],
      message: expect.stringMatching(
        /^b\/c cannot be written \(EISDIR.*the other files are as before$/,
      ),
    });
    expect([await read(repo, 'a'), await read(repo, 'new/x')]).toEqual(['a', undefined]);
  });

  it('leave alone what is not UTF-8', async () => {
    const repo = await repository();
    await writeFile(join(repo.dir, 'hook'), Buffer.from([0x23, 0xe9, 0x0a]));
    await expect(
      applied(repo, { edits: [{ path: 'hook', before: '#\u{fffd}\n', after: '' }] }),
    ).rejects.toMatchObject({ code: 'usage', message: 'hook is not UTF-8' });
  });
});

describe('the commands of a plan', () => {
  it('run one after another in their folders, with what they said, up to the first that fails', async () => {
    const repo = await repository({ 'sub/x': '' });
    const command = (text: string, folder?: string) => ({
      program: 'sh',
      args: ['-c', text],
      why: 'x',
      ...(folder === undefined ? {} : { folder }),
    });
    const result = await applied(repo, {
      commands: [
        command('echo $PWD; echo err >&2', 'sub'),
        command('cat; echo no; exit 3'),
        command('touch later'),
      ],
    });
    expect(result.done).toEqual([
      {
        kind: 'ran',
        command: command('echo $PWD; echo err >&2', 'sub'),
        output: `${join(repo.dir, 'sub')}\nerr\n`,
      },
    ]);
    expect(result.failure).toEqual({
      message: expect.stringMatching(/^sh -c .cat; echo no; exit 3. ended with 3$/),
      output: 'no\n',
    });
    expect(await read(repo, 'later')).toBeUndefined();
  });

  it('say what is not installed', async () => {
    const repo = await repository();
    expect(
      (await applied(repo, { commands: [{ program: 'no-such-program', args: [], why: '' }] }))
        .failure,
    ).toEqual({
      message: 'no-such-program could not be run',
      output: expect.stringContaining('ENOENT'),
    });
  });

  it('may bring a lock file up to date in CI too, where pnpm and Yarn would refuse', async () => {
    const repo = await repository({});
    const printed = async (program: string): Promise<string> => {
      await writeFile(join(repo.around, program), '#!/bin/sh\nenv\n', { mode: 0o755 });
      const { done } = await apply(
        await placeOf(repo),
        plan({ commands: [{ program, args: ['install'], why: '' }] }),
        { env: { ...repo.env, PATH: `${repo.around}:${repo.env['PATH'] ?? ''}`, CI: '1' } },
      );
      return done[0]?.kind === 'ran' ? done[0].output : '';
    };
    expect(await printed('pnpm')).toMatch(/^npm_config_frozen_lockfile=false$/m);
    expect(await printed('yarn')).toMatch(/^YARN_ENABLE_IMMUTABLE_INSTALLS=false$/m);
    expect(await printed('npm')).not.toMatch(/frozen|IMMUTABLE/);
  });

  it('are shown as a person would type them', () => {
    expect(
      commandLine({ program: 'npx', args: ['husky', 'web/.husky'], folder: 'web', why: '' }),
    ).toBe('cd web && npx husky web/.husky');
  });

  it('go through a shell on Windows, where npx is npx.cmd', () => {
    const command = { program: 'npx', args: ['--no-install', 'husky', 'my web/.husky'], why: '' };
    expect(startOf(command, 'win32')).toEqual({
      program: 'npx --no-install husky "my web/.husky"',
      args: [],
      shell: true,
    });
    expect(startOf(command, 'linux')).toEqual({ program: 'npx', args: command.args, shell: false });
    expect(
      startOf({ program: 'git', args: ['config', '--unset', 'a b'], why: '' }, 'win32'),
    ).toEqual({ program: 'git', args: ['config', '--unset', 'a b'], shell: false });
  });
});

it('a worktree knows its package manager, its package.json and how the guard is called', async () => {
  const repo = await repository({
    'web/package.json': '{ "packageManager": "pnpm@9.0.0" }',
    'web/src/x': '',
  });
  expect(await placeOf(repo, join(repo.dir, 'web/src'))).toMatchObject({
    folder: 'web',
    packageManager: 'pnpm',
    install: 'pnpm install in web',
    guard: 'web/node_modules/.bin/drizzle-guard',
    hooksPath: undefined,
  });
  await repo.git('add', '--all');
  expect(await placeOf(repo)).toMatchObject({
    folder: 'web',
    guard: 'web/node_modules/.bin/drizzle-guard',
  });
  await repo.git('config', 'core.hooksPath', '~/hooks');
  expect((await placeOf(repo)).hooksPath).toBe(join(repo.around, 'home/hooks'));
  const worktree = await placeOf(repo);
  await chmod(join(repo.dir, 'web/src/x'), 0o644);
  expect([
    await worktree.isExecutable('web/src/x'),
    await worktree.list('web'),
    await worktree.list('none'),
    await worktree.read('web'),
  ]).toEqual([false, ['package.json', 'src'], [], undefined]);
});

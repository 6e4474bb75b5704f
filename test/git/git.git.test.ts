import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGit } from '../../src/git/git.ts';
import { repository, type TestRepository } from '../support/repository.ts';

let repo: TestRepository;
beforeAll(async () => {
  repo = await repository({ a: 'a\n' }, { shared: true });
  await repo.commit();
});
afterAll(() => repo[Symbol.asyncDispose]());

const git = (env: Record<string, string> = {}, signal?: AbortSignal) =>
  createGit({
    cwd: repo.dir,
    env: { ...repo.env, ...env },
    ...(signal === undefined ? {} : { signal }),
  });

/** A program called git that a test writes. */
async function impostor(script: string): Promise<Record<string, string>> {
  const bin = join(repo.around, `bin-${Math.random().toString(36).slice(2)}`);
  await mkdir(bin);
  await writeFile(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'git'), 0o755);
  return { PATH: `${bin}:${repo.env['PATH']}` };
}

describe('what comes back', () => {
  test('bytes, untouched: no decoding, no trimming', async () => {
    const bytes = Buffer.from([0, 0xff, 0xfe, 0x0a, 0x0d, 0x20, 0x0a, 0x0a]);
    const oid = (await git().run(['hash-object', '-w', '--stdin'], { input: bytes })).stdout
      .toString()
      .trim();
    expect((await git().run(['cat-file', 'blob', oid])).stdout).toEqual(bytes);
  });

  test('standard input is closed when there is nothing to say', async () => {
    expect((await git().run(['hash-object', '--stdin'])).stdout.toString()).toBe(
      'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n',
    );
  });

  test('many at once, each with its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        git().run(['hash-object', '--stdin'], { input: `${n % 2}` }),
      ),
    );
    expect(new Set(answers.map(({ stdout }) => stdout.toString())).size).toBe(2);
  });

  test('a slow reader loses nothing when git has long ended', async () => {
    const env = await impostor('( sleep 0.3; printf tail ) &\nprintf head');
    expect((await git(env).run(['anything'])).stdout.toString()).toBe('headtail');
  });
});

describe('exit codes decide', () => {
  test('a failure without a word is a failure', async () => {
    await expect(git(await impostor('exit 3')).run(['status'])).rejects.toMatchObject({
      code: 'git-failed',
      message: 'git status ended with exit code 3',
    });
  });

  test('words without a failure are none', async () => {
    const answer = await git(await impostor('echo warning: >&2; exit 0')).run(['status']);
    expect(answer).toMatchObject({ exitCode: 0, stderr: 'warning:\n' });
  });

  test('an expected code is an answer', async () => {
    expect(
      (await git().run(['merge-base', '--is-ancestor', 'HEAD', 'HEAD'], { ok: [0, 1] })).exitCode,
    ).toBe(0);
    expect((await git().run(['config', '--get', 'no.such'], { ok: [0, 1] })).exitCode).toBe(1);
  });

  test('a killed child is an error, whatever is ok', async () => {
    await expect(
      git(await impostor('kill -9 $$')).run(['status'], { ok: [0, 1, 128, 137] }),
    ).rejects.toMatchObject({ code: 'git-failed', message: 'git status was killed' });
  });

  test('what git said is in the help, the whole command in the cause', async () => {
    await expect(git().run(['cat-file', 'blob', 'nonsense'])).rejects.toMatchObject({
      code: 'git-failed',
      help: ['git: fatal: Not a valid object name nonsense'],
    });
  });

  test('no git', async () => {
    await expect(git({ PATH: join(repo.around, 'nowhere') }).run(['status'])).rejects.toMatchObject(
      { code: 'git-missing' },
    );
  });

  test('no folder', async () => {
    await expect(
      createGit({ cwd: join(repo.around, 'nowhere'), env: repo.env }).run(['status']),
    ).rejects.toMatchObject({ code: 'git-failed' });
  });

  test('an abort before and during', async () => {
    await expect(git({}, AbortSignal.abort()).run(['status'])).rejects.toMatchObject({
      code: 'git-failed',
      message: 'git status was stopped',
    });
    const env = await impostor('exec sleep 20');
    await expect(git(env, AbortSignal.timeout(200)).run(['status'])).rejects.toMatchObject({
      message: 'git status was stopped',
    });
  });
});

describe('what git is handed', () => {
  test('the index that git names to its hooks', async () => {
    await repo.run('git', ['read-tree', '--empty'], {
      env: { GIT_INDEX_FILE: join(repo.around, 'empty-index') },
    });
    const { stdout } = await git({ GIT_INDEX_FILE: join(repo.around, 'empty-index') }).run([
      'ls-files',
    ]);
    expect(stdout.toString()).toBe('');
    expect((await git().run(['ls-files'])).stdout.toString()).toBe('a\n');
  });

  test('configuration from the environment and from -c, also the kinds that simple-git would block', async () => {
    const env = {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: '/dev/null',
      GIT_CONFIG_KEY_1: 'credential.helper',
      GIT_CONFIG_VALUE_1: 'store',
    };
    expect((await git(env).run(['config', 'core.hooksPath'])).stdout.toString()).toBe(
      '/dev/null\n',
    );
    expect(
      (await git({ GIT_CONFIG_PARAMETERS: "'a.b'='c'" }).run(['config', 'a.b'])).stdout.toString(),
    ).toBe('c\n');
  });

  test('not the editors of a hook, which simple-git would refuse', async () => {
    expect(
      (
        await git({
          GIT_EDITOR: ':',
          EDITOR: 'vi',
          PAGER: 'less',
          GIT_SSH_COMMAND: 'x',
          GIT_EXEC_PATH: '/nowhere',
          GIT_PREFIX: 'x/',
        }).run(['rev-parse', 'HEAD'])
      ).exitCode,
    ).toBe(0);
  });
});

test('a few processes at once, however many are asked for', async () => {
  const counted = join(repo.around, 'running');
  await mkdir(counted);
  const env = await impostor(
    `: > "${counted}/$$"; ls "${counted}" | wc -l >> "${counted}.log"; sleep 0.05; rm "${counted}/$$"`,
  );
  await Promise.all(Array.from({ length: 60 }, () => git(env).run(['version'])));
  const counts = (await readFile(`${counted}.log`, 'utf8')).trim().split('\n').map(Number);
  expect(counts).toHaveLength(60);
  expect(Math.max(...counts)).toBeGreaterThan(1);
  expect(Math.max(...counts)).toBeLessThanOrEqual(16);
});

test('an answer without output does not wait 50 ms for more', async () => {
  const silent = ['diff-index', '--cached', '--quiet', 'HEAD', '--'];
  // Beside a bare run of git at the same time: how busy the machine is, both tell.
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let n = 0; n < 10; n += 1) {
    ours.push(await timeOf(() => git().run(silent)));
    bare.push(await timeOf(() => repo.run('git', silent)));
  }
  expect(Math.min(...ours) - Math.min(...bare)).toBeLessThan(45);
});

/** Milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { randomFrom, SEED, WHOLE } from '../support/run-settings.ts';
import type { Scene } from '../support/scene.ts';
import { grow, grownScene, reset } from '../tampering/grown-history.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
const TIMES = WHOLE ? 100 : 6;

/** Everything that a rebase may change: the index with its conflicts, and the files. */
async function stateOf(repo: Scene): Promise<string> {
  const listed = await repo.git('ls-files', '-z', '--cached', '--others', 'drizzle', 'src');
  const files = [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && existsSync(join(repo.dir, path)),
  );
  return `${await repo.git('ls-files', '--stage')}${files.join('\n')}\n${await repo.git('hash-object', '--', ...files)}`;
}

/** Runs `guard rebase`, and kills it and its gits some time after it began to write. */
async function killWhileWriting(repo: Scene, after: number): Promise<boolean> {
  const child = spawn(process.execPath, [CLI, 'rebase'], {
    cwd: repo.dir,
    env: repo.env,
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<boolean>((resolve) => {
    child.on('exit', (_, signal) => resolve(signal !== null));
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!hasEnded() && !existsSync(join(repo.dir, '.git/drizzle-guard-rebase-unfinished.json')))
    await pass(1);
  await pass(after);
  if (!hasEnded() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  return ended;
}

it('killed while it writes: the next run undoes it, or does it again', async () => {
  const repo = await grownScene();
  await repo.git('branch', 'topic');
  await grow(repo, 'colour');
  await repo.commit('colour');
  await repo.git('checkout', '-q', 'topic');
  for (const column of ['notes', 'size', 'weight']) await grow(repo, column);
  await repo.columns('description', 'slogan', 'colour', 'notes', 'size', 'weight');
  await repo.commit('own');
  // Slow enough to be hit while the files are written.
  await repo.write('.git/info/attributes', 'drizzle/** filter=slow\n');
  await repo.git('config', 'filter.slow.smudge', 'sleep 0.02 && cat');
  const conflict = async (): Promise<string> => {
    await reset(repo, 'topic');
    expect((await repo.run('git', ['merge', 'main'])).exitCode).toBe(1);
    return stateOf(repo);
  };
  const before = await conflict();
  const guard = async (...args: string[]) => {
    const { exitCode, stderr } = await repo.run(process.execPath, [CLI, ...args]);
    return { exitCode, stderr };
  };
  expect((await guard('rebase')).exitCode).toBe(0);
  expect((await guard('rebase', '--undo')).exitCode).toBe(0);
  expect(await stateOf(repo)).toBe(before);

  const random = randomFrom(SEED);
  let struck = 0;
  for (let at = 0; at < TIMES; at++) {
    if (!(await killWhileWriting(repo, random() * 250))) {
      await conflict();
      continue;
    }
    struck++;
    // A lock of git that was killed with it, which git itself asks to be removed.
    await repo.run('rm', ['-f', '.git/index.lock']);
    if (existsSync(join(repo.dir, '.git/drizzle-guard-rebase-unfinished.json')))
      expect(await guard('check')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('[rebase-unfinished]'),
      });
    if (at % 2 === 0) {
      expect(await guard('rebase', '--undo')).toEqual({ exitCode: 0, stderr: '' });
      expect(await stateOf(repo)).toBe(before);
    } else {
      expect(await guard('rebase')).toMatchObject({ exitCode: 0 });
      await repo.git('diff', '--exit-code', '--', 'drizzle');
      expect(await guard('check')).toMatchObject({ exitCode: 0 });
      expect((await guard('rebase', '--undo')).exitCode).toBe(0);
      expect(await stateOf(repo)).toBe(before);
    }
  }
  expect(struck).toBeGreaterThan(TIMES / 3);
});

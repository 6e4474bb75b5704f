import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { scene } from '../../support/scene.ts';

const KILLS = 100;

test('guards that are killed at any moment leave a cache that says the truth, or nothing', async () => {
  const repo = await scene('sqlite');
  await repo.columns('description');
  await repo.stage('src');
  const cli = process.env['GUARD_CLI'] ?? '';
  const check = (...args: string[]) =>
    repo.run(process.execPath, [cli, 'check', '--format=json', ...args]);
  const truth = await check('--no-cache');
  expect(truth).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('schema-drift') });
  const timed = async (): Promise<number> => {
    const started = performance.now();
    expect(await check()).toEqual(truth);
    return performance.now() - started;
  };
  const [cold, warm] = [await timed(), await timed()];
  const status = await repo.git('status', '--porcelain=v2');
  let killed = 0;
  for (let n = 0; n < KILLS; n++) {
    const took = n % 3 === 0 ? cold : warm;
    if (n % 3 === 0)
      await rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true });
    const child = spawn(process.execPath, [cli, 'check'], {
      cwd: repo.dir,
      env: repo.env,
      stdio: 'ignore',
    });
    const over = new Promise((resolve) => {
      child.once('close', (_code, signal) => resolve(signal));
    });
    // Most of what is written is written near the end.
    await pass(took * (n % 2 === 0 ? Math.random() : 0.7 + Math.random() * 0.5));
    child.kill('SIGKILL');
    if ((await over) === 'SIGKILL') killed += 1;
    if (n % 10 === 9) expect(await check()).toEqual(truth);
  }
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(await check()).toEqual(truth);
  expect(await repo.git('status', '--porcelain=v2')).toBe(status);
  // A half-written entry has a name of its own, which nobody reads.
  const left = await readdir(join(repo.dir, '.git/drizzle-guard/store'));
  expect(
    left.filter((name) => !/^(?:seen|[a-z]+-[0-9a-f]{40})(?:\.\d+\.\w+\.tmp)?$/.test(name)),
  ).toEqual([]);
});

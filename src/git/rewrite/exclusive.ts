import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import type { Repository } from '../repository.ts';

/**
 * Runs what must not run twice at once in one working tree. A lock that a killed process has left
 * is taken over.
 * @throws GuardError `usage` where another process holds it.
 */
export async function exclusively<T>(
  { gitDir }: Pick<Repository, 'gitDir'>,
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(gitDir, 'drizzle-guard-rebase.lock');
  const take = (): Promise<boolean> =>
    writeFile(lock, String(process.pid), { flag: 'wx' }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
        throw error;
      },
    );
  if (!(await take())) {
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (isRunning(holder))
      throw new GuardError(
        'usage',
        `another guard rebase or revert is running here (process ${holder})`,
        {
          help: ['Wait for it, or stop it.'],
        },
      );
    await rm(lock, { force: true });
    if (!(await take()))
      throw new GuardError('usage', 'another guard rebase or revert is running here', {
        help: ['Wait for it, or stop it.'],
      });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

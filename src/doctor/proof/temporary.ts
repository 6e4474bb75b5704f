import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `use` with a new temporary directory (absolute, real path) and removes it afterwards, also
 * when a signal ends this process. The signal is sent again once the directory is gone.
 */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'drizzle-guard-doctor-')));
  const stop = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    for (const one of SIGNALS) process.off(one, stop);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await use(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface KitRun {
  /** Everything it printed. Its exit code proves nothing and is left out. */
  readonly printed: string;
}

/**
 * Runs the real `drizzle-kit generate` of the project in `cwd` (absolute), as a person would, with
 * this Node. It writes into that project: only for projects that the guard made.
 */
export async function runGenerate(cwd: string, name: string): Promise<KitRun> {
  const entry = createRequire(join(cwd, 'x.js')).resolve('drizzle-kit');
  const child = spawn(
    process.execPath,
    [join(dirname(entry), 'bin.cjs'), 'generate', '--name', name],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { printed: Buffer.concat(chunks).toString('utf8') };
}

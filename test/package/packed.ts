import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scratch } from '../support/drizzle-project.ts';

const run = promisify(execFile);
const PACK = fileURLToPath(new URL('../../.ci/pack.mjs', import.meta.url));

/**
 * The environment of the person who runs the tests, without what vitest puts into it: package managers
 * need their settings.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ||
    /^(?:VITEST|NODE_ENV$|NODE_OPTIONS$|npm_|INIT_CWD$|FORCE_COLOR$|CI$)/.test(name)
      ? []
      : [[name, value]],
  ),
);

/**
 * The package as it would be published, in a file whose name says its content: package managers
 * cache by name.
 */
export async function packed(): Promise<string> {
  const folder = await scratch('drizzle-guard-packed-');
  const { stdout } = await run(process.execPath, [PACK, folder]);
  const { tarball } = JSON.parse(stdout) as { tarball: string };
  const digest = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex')
    .slice(0, 12);
  const named = join(folder, `drizzle-guard-${digest}.tgz`);
  await rename(tarball, named);
  return named;
}

/**
 * Programs that the registry has as packages: the folder of their commands, filled once a machine.
 */
export async function programs(...specs: readonly string[]): Promise<string> {
  const name = specs.join('+').replaceAll(/[^\w.+-]/g, '_');
  const kept = join(tmpdir(), `drizzle-guard-programs-${name}`);
  const bin = join(kept, 'node_modules', '.bin');
  if (existsSync(bin)) return bin;
  const fresh = await mkdtemp(join(tmpdir(), 'drizzle-guard-programs-making-'));
  await run(
    'npm',
    [
      'install',
      '--prefix',
      fresh,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...specs,
    ],
    { env: ENVIRONMENT },
  );
  // Another test process may have been quicker: either result will do.
  await rename(fresh, kept).catch(() => rm(fresh, { recursive: true, force: true }));
  return bin;
}

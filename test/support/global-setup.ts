import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDistCurrent } from '../../.ci/source-digest.mjs';
import { SEED, WHOLE } from './run-settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RUN = String(process.pid);

/**
 * Once a run, though vitest calls it for each project. Tests must not see the git of the person who
 * runs them: no global config, no hook's own GIT_* variables. Hooks in tests run the guard as it is
 * built from the sources under test, an installed package as for users: a copy, as dist/ may be
 * built again meanwhile.
 */
export async function setup(): Promise<(() => void) | undefined> {
  if (process.env['GUARD_TEST_RUN'] === RUN) return undefined;
  process.env['GUARD_TEST_RUN'] = RUN;
  for (const key of Object.keys(process.env)) if (key.startsWith('GIT_')) delete process.env[key];
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
  process.env['GIT_CONFIG_NOSYSTEM'] = '1';
  const kept = `node_modules/.cache/drizzle-guard-test-${RUN}`;
  const out = `${kept}/node_modules/drizzle-guard/dist`;
  mkdirSync(`${root}${out}`, { recursive: true });
  cpSync(`${root}package.json`, `${root}${kept}/node_modules/drizzle-guard/package.json`);
  if (await isDistCurrent()) cpSync(`${root}dist`, `${root}${out}`, { recursive: true });
  else
    execFileSync(process.execPath, ['.ci/build.mjs', `--out=${out}`, '--no-types'], {
      cwd: root,
      stdio: 'inherit',
    });
  process.env['GUARD_CLI'] = `${root}${out}/cli.js`;
  const templates = mkdtempSync(join(tmpdir(), 'drizzle-guard-templates-'));
  process.env['GUARD_TEST_TEMPLATES'] = templates;
  const folders = [`${root}${kept}`, templates];
  if (WHOLE) {
    process.stdout.write(`Again with GUARD_TEST_WHOLE=1 GUARD_TEST_SEED=${SEED}\n`);
    const corpus = mkdtempSync(join(tmpdir(), 'drizzle-guard-corpus-'));
    process.env['GUARD_TEST_CORPUS'] = corpus;
    folders.push(corpus);
  }
  return () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
}

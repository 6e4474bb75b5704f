import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Tests must not see the git of the person who runs them: no global config, no hook's own GIT_* variables. Hooks in
 * tests run the guard as it is built from the sources under test, inside node_modules, where it finds esbuild.
 */
export function setup(): () => void {
  for (const key of Object.keys(process.env)) if (key.startsWith('GIT_')) delete process.env[key];
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
  process.env['GIT_CONFIG_NOSYSTEM'] = '1';
  const out = `node_modules/.cache/drizzle-guard-test-${process.pid}`;
  execFileSync(process.execPath, ['.ci/build.mjs', `--out=${out}`, '--no-types'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.env['GUARD_CLI'] = `${root}${out}/cli.js`;
  return () => rmSync(`${root}${out}`, { recursive: true, force: true });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fault, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { InstalledHook } from '../installed-hooks.ts';

/** Variables with which each manager is told to do nothing: its own documentation's, checked in its sources. */
const SWITCHES: readonly {
  readonly by: InstalledHook['by'];
  readonly name: string;
  readonly off: (value: string) => boolean;
}[] = [
  { by: 'husky', name: 'HUSKY', off: (value) => value === '0' },
  { by: 'lefthook', name: 'LEFTHOOK', off: (value) => value === '0' || value === 'false' },
  { by: 'simple-git-hooks', name: 'SKIP_SIMPLE_GIT_HOOKS', off: (value) => value === '1' },
  { by: 'pre-commit', name: 'SKIP', off: (value) => /guard/.test(value) },
  { by: 'lefthook', name: 'LEFTHOOK_EXCLUDE', off: (value) => /guard/.test(value) },
];

export const probe: Probe = {
  id: 'switched-off',
  title: 'switches',
  needs: 'repository',
  async probe(setUp) {
    const { hooks } = await setUp.hooks();
    const managers = new Set(hooks.map(({ by }) => by));
    const faults = SWITCHES.filter(
      ({ by, name, off }) => managers.has(by) && off(setUp.env[name] ?? ''),
    ).map(({ by, name }): Diagnosis =>
      fault(`${name}=${setUp.env[name] ?? ''} is set here: ${by} runs no hook of this shell`, {
        text: 'Take it away, here and in the file that sets it (~/.profile, ~/.zshrc, ...):',
        run: `unset ${name}`,
      }),
    );
    if (managers.has('husky')) faults.push(...(await startFileFaults(setUp.env)));
    return faults.length > 0 ? faults : [ok('no variable that switches hooks off is set')];
  },
};

/** husky 9 reads `${XDG_CONFIG_HOME:-$HOME/.config}/husky/init.sh` in before each hook (its `h` script). */
async function startFileFaults(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Diagnosis[]> {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const file = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'husky/init.sh');
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = text.split('\n').findIndex((one) => /^\s*(?:export\s+)?HUSKY=["']?0/.test(one));
  if (line === -1) return [];
  return [
    fault(`${file}:${line + 1} sets HUSKY=0: husky runs no hook of this person`, {
      text: 'Take the line out:',
      run: `sed -i.bak '${line + 1}d' '${file}'`,
    }),
  ];
}

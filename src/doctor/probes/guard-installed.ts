import { dirname } from 'node:path';
import { PLUG_N_PLAY_FIX, plugAndPlayFile } from '../../hooks/plug-n-play.ts';
import { inside } from '../../model/repo-path.ts';
import { jsonRecord } from '../../model/unknown.ts';
import { problem, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';

/** Whether the guard that the hooks call is installed, and is of this version. */
export const probe: Probe = {
  id: 'guard-installed',
  title: 'the guard that the hooks call',
  needs: 'repository',
  async probe(setUp) {
    const plugged = await plugAndPlayFile('', setUp.read);
    if (plugged !== undefined)
      return [
        problem(`${plugged}: drizzle-guard does not support Yarn's Plug'n'Play`, PLUG_N_PLAY_FIX),
      ];
    const calls = (await setUp.managers()).flatMap((manager) => manager.calls ?? []);
    // A file that is called by its path is not looked for in node_modules.
    if (!calls.some(({ program }) => /guard(?:\.cmd|\/dist\/hook\.sh)?$/.test(program))) return [];
    const versions = await installedVersions(setUp);
    const { adds, runs, dependencies, install } = await setUp.manifest();
    if (versions.length === 0)
      return [
        problem(
          'the hooks call drizzle-guard, which is not in node_modules',
          dependencies.has('drizzle-guard')
            ? { text: 'Install the dependencies:', run: install }
            : { text: 'Install it for this project:', run: adds('drizzle-guard') },
        ),
      ];
    const several: readonly Diagnosis[] =
      versions.length === 1
        ? []
        : [
            warning(`several versions of drizzle-guard are installed: ${versions.join(', ')}`, {
              text: 'Install one everywhere:',
              run: adds('drizzle-guard@latest'),
            }),
          ];
    // Run from its sources the guard has no version to compare.
    if (setUp.version.endsWith('-source') || versions.includes(setUp.version))
      return [ok(`drizzle-guard ${versions[0] ?? ''}`), ...several];
    return [
      warning(
        `the hooks call drizzle-guard ${versions[0] ?? ''}, but this is ` +
          `${setUp.version}: what is said here may not hold there`,
        { text: "Ask the hooks' own guard:", run: runs('drizzle-guard doctor') },
        { text: 'Or update it:', run: adds(`drizzle-guard@${setUp.version}`) },
      ),
      ...several,
    ];
  },
};

/** The versions in node_modules beside each package.json, the top first; each once. */
async function installedVersions({ tree, read }: SetUp): Promise<readonly string[]> {
  const folders = [...(await (await tree()).entries()).keys()]
    .filter((path) => /(?:^|\/)package\.json$/.test(path))
    .map((path) => dirname(path).replace(/^\.$/, ''));
  const versions = await Promise.all(
    ['', ...folders].map(async (folder) =>
      versionIn(await read(inside(folder, 'node_modules/drizzle-guard/package.json'))),
    ),
  );
  return [...new Set(versions.flatMap((version) => version ?? []))];
}

function versionIn(text: string | undefined): string | undefined {
  const version = jsonRecord(text)?.['version'];
  return typeof version === 'string' ? version : undefined;
}

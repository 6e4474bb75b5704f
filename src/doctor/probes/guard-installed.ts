import { readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { PLUG_N_PLAY_FIX, plugAndPlayFile } from '../../hooks/plug-n-play.ts';
import { fault, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import { guardCallOf, type PlacedCall } from '../hook-texts.ts';
import type { SetUp } from '../set-up.ts';

/** Whether the hooks find a guard, as they would look for it, and whether it is this one. */
export const probe: Probe = {
  id: 'guard-installed',
  title: 'the guard that the hooks call',
  needs: 'repository',
  async probe(setUp) {
    const plugged = await plugAndPlayFile('', setUp.read);
    if (plugged !== undefined)
      return [
        fault(`${plugged}: drizzle-guard does not support Yarn's Plug'n'Play`, PLUG_N_PLAY_FIX),
      ];
    const { hooks } = await setUp.hooks();
    const calls = (await Promise.all(hooks.map((hook) => guardCallOf(setUp, hook)))).filter(
      (call) => call !== undefined,
    );
    const different = [
      ...new Map(
        calls.map((call) => [`${call.folder} ${call.program} ${call.runner}`, call]),
      ).values(),
    ];
    const found = await Promise.all(different.map((call) => look(setUp, call)));
    const versions = new Set([
      ...found.flatMap(({ version }) => version ?? []),
      ...(await versionsInPackages(setUp)),
    ]);
    const diagnoses = found.map(({ diagnosis }) => diagnosis);
    if (versions.size > 1)
      diagnoses.push(
        warning(`several versions of the guard are installed here: ${[...versions].join(', ')}`, {
          text: 'Install one everywhere:',
          run: (await setUp.manifest()).adds(`drizzle-guard@latest`),
        }),
      );
    return diagnoses;
  },
};

interface Owner {
  readonly name: string;
  readonly version: string;
}

interface Found {
  readonly diagnosis: Diagnosis;
  readonly version?: string;
}

async function look(setUp: SetUp, call: PlacedCall): Promise<Found> {
  const manifest = await setUp.manifest();
  const file = await locate(setUp, call);
  const install = { text: 'Install it for this project:', run: manifest.adds('drizzle-guard') };
  if (file === undefined)
    return {
      diagnosis: fault(
        `${call.where} calls ${call.program}, which is not found from there`,
        install,
      ),
    };
  const owner = await packageOf(file);
  if (owner === undefined) return { diagnosis: ok(`${call.program} is ${file}`) };
  const { name, version } = owner;
  if (name !== 'drizzle-guard') {
    return {
      diagnosis: fault(`${call.program} is ${file}, a program of the package ${name}`, install, {
        text: `Then write drizzle-guard for guard in ${call.where}.`,
      }),
    };
  }
  // Run from its sources the guard has no version to compare.
  if (setUp.version.endsWith('-source') || version === setUp.version)
    return { diagnosis: ok(`drizzle-guard ${version}, by way of ${call.text}`), version };
  return {
    diagnosis: warning(
      `the hooks call drizzle-guard ${version}, and this is ${setUp.version}: what is said here may not hold there`,
      { text: "Ask the hooks' own guard:", run: manifest.runs('guard doctor') },
      { text: 'Or bring it up to date:', run: manifest.adds(`drizzle-guard@${setUp.version}`) },
    ),
    version,
  };
}

/** The guards that the packages of the repository have of their own. */
async function versionsInPackages(setUp: SetUp): Promise<readonly string[]> {
  const [tree, { topLevel }] = await Promise.all([setUp.tree(), setUp.repository()]);
  const folders = [...(await tree.entries()).keys()]
    .filter((path) => /(?:^|\/)package\.json$/.test(path))
    .map((path) => dirname(join(topLevel, path)));
  const owners = await Promise.all(
    folders.map((folder) => packageIn(join(folder, 'node_modules/drizzle-guard'))),
  );
  return owners.flatMap((owner) => (owner === undefined ? [] : [owner.version]));
}

/** Where the call ends up: a path from the folder it is run in, node_modules/.bin upwards, or PATH. */
async function locate(
  setUp: SetUp,
  { program, runner, folder, binInPath }: PlacedCall,
): Promise<string | undefined> {
  const from = resolve((await setUp.repository()).topLevel, folder);
  if (/[\\/]/.test(program)) return existing([resolve(from, program)]);
  const path = runner
    ? []
    : (setUp.env['PATH'] ?? '').split(delimiter).map((one) => join(one, program));
  const bins = runner
    ? upwards(from).map((at) => join(at, 'node_modules/.bin', program))
    : binInPath
      ? [join(from, 'node_modules/.bin', program)]
      : [];
  return existing([...bins, ...path]);
}

async function existing(candidates: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(candidates.map((path) => realpath(path).catch(() => undefined)));
  return found.find((path) => path !== undefined);
}

/** The package that a program belongs to: the nearest package.json with a name and a version. */
async function packageOf(file: string): Promise<Owner | undefined> {
  for (const folder of upwards(dirname(file))) {
    const owner = await packageIn(folder);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

async function packageIn(folder: string): Promise<Owner | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const [name, version]: readonly unknown[] =
      typeof json === 'object' && json !== null
        ? [Reflect.get(json, 'name'), Reflect.get(json, 'version')]
        : [];
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}

function upwards(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...upwards(dirname(folder))];
}

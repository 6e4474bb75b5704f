import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { type RepoPath, inside, relativeTo, toAbsolute, upwards } from '../../model/repo-path.ts';
import type { Layout } from '../../history/history.ts';
import type { Dialect } from '../../model/dialect.ts';
import { DEFAULT_CONFIGS } from '../../project/config/config-names.ts';
import { DRIVERS_OF_1 } from '../../project/config/validate.ts';
import type { KitLocation, Surroundings } from '../worker/protocol.ts';

/** The drizzle-kit that is installed for a project. */
export interface Kit extends KitLocation {
  readonly layout: Layout;
  readonly version: string;
  /** Absolute path of the command, as package managers link it; it may not exist. */
  readonly bin: string;
  /** The version of drizzle-orm that schemas are written with; part of what decides a snapshot. */
  readonly ormVersion: string;
}

/**
 * The snapshot format that drizzle-kit 0.30 and 0.31 write (`validatorForDialect` in its utils.ts).
 */
export const SNAPSHOT_VERSIONS: Readonly<Record<Dialect, number>> = {
  postgresql: 7,
  mysql: 5,
  sqlite: 6,
  turso: 6,
  singlestore: 1,
  gel: 1,
  // It has none of these, and 1.x says its own.
  mssql: 2,
  cockroach: 1,
};

/**
 * Supported versions: verified with 0.30.0, 0.30.6, 0.31.0 and 0.31.11. The peer range in
 * package.json says the same.
 */
const SUPPORTED = /^[~^=v]*(?:0\.3[01](?:\.\d+|\b)|1\.(?!0\.0-(?:alpha|beta|rc\.[0-3]\b)))/;

/**
 * Whether the guard can use this drizzle-kit: a version, or a range of one minor version; of 1.x
 * those that are not older than rc.4.
 */
export function isSupportedKit(version: string): boolean {
  return SUPPORTED.test(version);
}

/**
 * Finds the project's own drizzle-kit on disk, as node would from the folder that drizzle-kit is
 * run from. `top`: absolute real path of the repository; `install`: the project's command to
 * install its dependencies.
 * @throws GuardError `kit-missing`, `kit-unsupported`, `orm-missing`.
 */
export function findKit(top: string, base: RepoPath, install: string): Kit {
  const from = toAbsolute(top, base);
  const folder = packageFolder('drizzle-kit', from);
  if (folder === undefined) {
    if (upwards(base).some((at) => exists(toAbsolute(top, inside(at, '.pnp.cjs')))))
      throw new GuardError(
        'kit-missing',
        "This repository is installed with Yarn's Plug'n'Play, which drizzle-guard does not support.",
        { help: ['Write `nodeLinker: node-modules` into .yarnrc.yml and install: yarn install'] },
      );
    throw new GuardError(
      'kit-missing',
      `drizzle-kit is not installed for ${base === '' ? 'this repository' : base}.`,
      { help: [`Install the dependencies: ${install}`] },
    );
  }
  const version = versionOf(folder);
  // 1.0 has it since rc.4. Versions do not decide: `1.0.0-rc.4-<hash>` sorts anywhere.
  const layout = existsSync(join(folder, 'cli.js')) ? 'folders' : 'journal';
  if (
    version === undefined ||
    (layout === 'journal' && !(version.startsWith('0.') && isSupportedKit(version)))
  )
    throw unsupported(version);
  const api = realPath(join(folder, layout === 'folders' ? 'cli.js' : 'api.js'));
  const orm = packageFolder('drizzle-orm', dirname(api)) ?? packageFolder('drizzle-orm', from);
  const ormVersion = orm === undefined ? undefined : versionOf(orm);
  if (ormVersion === undefined) {
    throw new GuardError(
      'orm-missing',
      'drizzle-orm is not installed where drizzle-kit resolves it.',
      { help: [`Install the dependencies: ${install}`] },
    );
  }
  if (layout === 'folders' && ormVersion.startsWith('0.'))
    throw new GuardError(
      'orm-missing',
      `drizzle-orm ${ormVersion} is installed, which drizzle-kit ${version} does not work with.`,
      { help: ['Install drizzle-orm and drizzle-kit of one version: both 1.0.0-rc.5 or newer.'] },
    );
  return { layout, version, ormVersion, api, bin: join(folder, '../.bin/drizzle-kit'), base: from };
}

/** What the guard supports, in words. */
export const SUPPORTED_KITS = '0.30, 0.31, and 1.0 since rc.4';

function unsupported(version: string | undefined): GuardError {
  return new GuardError(
    'kit-unsupported',
    `drizzle-kit ${version ?? 'of an unknown version'} is installed; this drizzle-guard supports ${SUPPORTED_KITS}.`,
    {
      help: [
        version?.startsWith('1.') === true
          ? 'Install drizzle-kit and drizzle-orm 1.0.0-rc.5, both of one version.'
          : 'Install drizzle-kit 0.31, or a newer drizzle-guard that supports the installed version.',
      ],
    },
  );
}

/** Whether this drizzle-kit generates migrations for a dialect: gel is of 0.31, without them. */
export function generates({ layout }: Pick<Kit, 'layout'>, dialect: Dialect): boolean {
  return dialect !== 'gel' && (layout === 'folders' || !ONLY_FOLDERS.has(dialect));
}

const ONLY_FOLDERS: ReadonlySet<Dialect> = new Set(['mssql', 'cockroach']);

/**
 * Where 0.31 refuses a config for its driver, it generates nothing.
 * @throws GuardError `kit-unsupported`
 */
export function assertTakes(
  kit: Pick<Kit, 'layout' | 'version'>,
  driver: string | undefined,
): void {
  if (kit.layout === 'folders' || driver === undefined || !DRIVERS_OF_1.includes(driver)) return;
  throw new GuardError(
    'kit-unsupported',
    `drizzle-kit ${kit.version} does not have the driver ${driver}, which is of 1.0.`,
    { help: ['Take `driver` out of the drizzle config, or install drizzle-kit 1.0.'] },
  );
}

/** @throws GuardError `dialect-unsupported`. */
export function assertGenerates(kit: Pick<Kit, 'layout' | 'version'>, dialect: Dialect): void {
  if (generates(kit, dialect)) return;
  throw new GuardError(
    'dialect-unsupported',
    dialect === 'gel'
      ? 'drizzle-kit generates no migrations for gel, so there is nothing to compare.'
      : `drizzle-kit ${kit.version} does not have the dialect ${dialect}, which is of 1.0.`,
  );
}

/**
 * How the process looks to code that `drizzle-kit generate` runs: measured with 0.31.11.
 * @param kit undefined where none is installed
 * @param config as a script names it; a default one is not named
 */
export function generating(
  kit: Pick<Kit, 'api' | 'bin' | 'layout'> | undefined,
  {
    top,
    base,
    config,
  }: { readonly top: string; readonly base: RepoPath; readonly config: RepoPath },
): Pick<Surroundings, 'argv' | 'main' | 'awaits'> {
  const modules = join(top, 'node_modules');
  const name = relativeTo(base, config);
  const isDefault = DEFAULT_CONFIGS.some((one) => one === name);
  return {
    argv: [
      kit?.bin ?? join(modules, '.bin/drizzle-kit'),
      'generate',
      ...(isDefault ? [] : [`--config=${name}`]),
    ],
    awaits: kit?.layout === 'folders',
    main: join(kit === undefined ? join(modules, 'drizzle-kit') : dirname(kit.api), 'bin.cjs'),
  };
}

/** The folder of an installed package, by node's own walk upwards; undefined when there is none. */
function packageFolder(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places
    .map((place) => join(place, name))
    .find((folder) => versionOf(folder) !== undefined || exists(join(folder, 'package.json')));
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** By the file and its state: drizzle-orm's package.json has 200 kB, and each project asks. */
const versions = new Map<string, string | undefined>();

function versionOf(folder: string): string | undefined {
  try {
    const file = join(folder, 'package.json');
    const { ino, size, ctimeMs } = statSync(file);
    const key = [file, ino, size, ctimeMs].join(' ');
    if (!versions.has(key)) versions.set(key, versionIn(readFileSync(file, 'utf8')));
    return versions.get(key);
  } catch {
    return undefined;
  }
}

/** @throws where it is not JSON. */
function versionIn(manifest: string): string | undefined {
  const json: unknown = JSON.parse(manifest);
  const version: unknown =
    typeof json === 'object' && json !== null ? Reflect.get(json, 'version') : undefined;
  return typeof version === 'string' ? version : undefined;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

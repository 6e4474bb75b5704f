import { type RepoPath, under } from '../../model/repo-path.ts';
import { DEFAULT_CONFIGS } from '../config/config-names.ts';
import type { KitEnvironment } from '../kit-environment.ts';
import { kitCalls, type KitCall } from './kit-calls.ts';
import type { PackageFile } from './package-file.ts';

/** A script that runs drizzle-kit with a config of the tree, or with options instead of one. */
export interface ScriptCall {
  readonly package: PackageFile;
  readonly script: string;
  readonly call: KitCall;
  /** The file of the script where the call has `options`. */
  readonly config: RepoPath;
  /** The folder that drizzle-kit is run from. */
  readonly folder: RepoPath;
  /** What the script sets for it; undefined where it sets nothing. */
  readonly environment: KitEnvironment | undefined;
}

/**
 * The scripts of a package that run drizzle-kit with a config that exists, or generate with options
 * instead. `--config` is relative to the folder that the call runs in; without it drizzle-kit reads
 * the default config of that folder. Where a script changes folders in a way that cannot be read,
 * the package's folder and then the top are tried.
 */
export function scriptCallsOf(
  file: PackageFile,
  isFile: (path: RepoPath) => boolean,
): ScriptCall[] {
  return [...file.scripts].flatMap(([script, line]) =>
    kitCalls(line, file.scripts).flatMap((call) => {
      const place = placeOf(file, call, isFile);
      if (place === undefined) return [];
      return [{ package: file, script, call, environment: environmentOf(file, call), ...place }];
    }),
  );
}

/** Whether a call may write migrations. */
export function generates({ call }: Pick<ScriptCall, 'call'>): boolean {
  return call.command === 'generate';
}

/**
 * The configs whose schema scripts hand to `drizzle-kit push`, while none has anything to do with
 * migrations.
 */
export function pushedConfigs(calls: readonly ScriptCall[]): ReadonlySet<RepoPath> {
  const configsOf = (wanted: RegExp): ReadonlySet<RepoPath> =>
    new Set(calls.flatMap((one) => (wanted.test(one.call.command) ? [one.config] : [])));
  const migrated = configsOf(/^(?:generate|migrate|up|check|drop)$/);
  return new Set([...configsOf(/^push$/)].filter((config) => !migrated.has(config)));
}

/**
 * Every path that a script of a package may mean with its `--config`, whether the file exists or
 * not.
 */
export function configsNamedIn(file: PackageFile): RepoPath[] {
  const calls = [...file.scripts].flatMap(([, line]) => kitCalls(line, file.scripts));
  return calls.flatMap((call) =>
    foldersOf(file, call).flatMap((folder) =>
      call.config === undefined ? [] : (under(folder, call.config) ?? []),
    ),
  );
}

function foldersOf(file: PackageFile, call: KitCall): RepoPath[] {
  return [...new Set([under(file.folder, call.folder), file.folder, ''])].filter(
    (folder) => folder !== undefined,
  );
}

function environmentOf(file: PackageFile, { environment }: KitCall): KitEnvironment | undefined {
  return (
    environment && {
      ...environment,
      // A file outside the repository is nobody else's.
      files: environment.files.flatMap((path) => under(file.folder, path) ?? []),
    }
  );
}

type Place = Pick<ScriptCall, 'config' | 'folder'>;

function placeOf(
  file: PackageFile,
  call: KitCall,
  isFile: (path: RepoPath) => boolean,
): Place | undefined {
  const folders = foldersOf(file, call);
  const [folder = ''] = folders;
  if (call.options !== undefined)
    return generates({ call }) ? { config: file.path, folder } : undefined;
  return call.config === undefined
    ? withDefault(folder, isFile)
    : withConfig(call.config, folders, isFile);
}

function withConfig(
  written: string,
  folders: readonly RepoPath[],
  isFile: (path: RepoPath) => boolean,
): Place | undefined {
  for (const folder of folders) {
    const config = under(folder, written);
    if (config !== undefined && isFile(config)) return { config, folder };
  }
  return undefined;
}

function withDefault(folder: RepoPath, isFile: (path: RepoPath) => boolean): Place | undefined {
  for (const name of DEFAULT_CONFIGS) {
    const config = under(folder, name);
    if (config !== undefined && isFile(config)) return { config, folder };
  }
  return undefined;
}

import { type RepoPath, folderOf } from '../../model/repo-path.ts';
import { isRecord, jsonRecord } from '../../model/unknown.ts';

/** What the guard reads of a package.json. */
export interface PackageFile {
  readonly path: RepoPath;
  readonly folder: RepoPath;
  readonly name?: string;
  readonly version?: string;
  readonly scripts: ReadonlyMap<string, string>;
  /** `workspaces`, in either form; undefined when the package has none. */
  readonly workspaces?: readonly string[];
  /** The `packageManager` field, or `devEngines.packageManager.name`. */
  readonly packageManager?: string;
}

/**
 * Parses a package.json's bytes (UTF-8). Undefined when it is not JSON or not an object: npm could
 * not use it either.
 */
export function parsePackage(path: RepoPath, bytes: Uint8Array): PackageFile | undefined {
  const json = jsonRecord(new TextDecoder('utf-8').decode(bytes));
  if (json === undefined) return undefined;
  const scripts = isRecord(json['scripts']) ? Object.entries(json['scripts']) : [];
  const workspaces = isRecord(json['workspaces'])
    ? json['workspaces']['packages']
    : json['workspaces'];
  const engines = isRecord(json['devEngines']) ? json['devEngines']['packageManager'] : undefined;
  const manager =
    typeof json['packageManager'] === 'string'
      ? json['packageManager']
      : isRecord(engines)
        ? engines['name']
        : undefined;
  return {
    path,
    folder: folderOf(path),
    scripts: new Map(
      scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    ...(typeof json['name'] === 'string' ? { name: json['name'] } : {}),
    ...(typeof json['version'] === 'string' ? { version: json['version'] } : {}),
    ...(Array.isArray(workspaces)
      ? { workspaces: workspaces.filter((it) => typeof it === 'string') }
      : {}),
    ...(typeof manager === 'string' ? { packageManager: manager } : {}),
  };
}

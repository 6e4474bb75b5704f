import type { Tree } from '../../git/trees/tree.ts';
import { type RepoPath, inside, relativeTo, upwards } from '../../model/repo-path.ts';
import { lockfileKitVersion } from './lockfile-kit-version.ts';
import { LOCK_FILES } from './package-manager.ts';
import { isRecord, jsonRecord } from '../../model/unknown.ts';

/** A drizzle-kit version, and the file of the tree that declares it. */
export interface DeclaredKitVersion {
  readonly path: RepoPath;
  /**
   * As the file has it: `0.30.6` in a lock file, a range that holds one minor version (`^0.30.4`)
   * in a package.json.
   */
  readonly version: string;
}

/**
 * The drizzle-kit version that a tree's own files declare for the folder `base`: that of the
 * nearest lock file, else of the nearest package.json, if its range allows one minor version only.
 * Undefined where neither does, or where a lock file has several versions and does not say whose
 * they are.
 */
export async function declaredKitVersion(
  tree: Tree,
  base: RepoPath,
): Promise<DeclaredKitVersion | undefined> {
  const { locked, wanted } = await declaredIn(tree, base);
  if (locked !== undefined) return locked;
  return wanted === undefined || minorOf(wanted.version) === undefined ? undefined : wanted;
}

/**
 * Likewise where that is, or can be, an older drizzle-kit 1.x than the `installed` one: the range of
 * a package.json without a lock file may have been satisfied by any candidate in it.
 */
export async function declaredOlderKit1(
  tree: Tree,
  base: RepoPath,
  installed: string,
): Promise<(DeclaredKitVersion & { readonly isRange: boolean }) | undefined> {
  const { locked, wanted } = await declaredIn(tree, base);
  const declared = locked ?? wanted;
  if (declared === undefined) return undefined;
  const { version } = declared;
  const minor = minorOf(version);
  // A canary, `1.0.0-rc.4-ca0f029`, sorts above the candidate that follows it.
  if (locked !== undefined || minor !== undefined)
    return /^[~^=v\s]*0\./.test(version) || minor === minorOf(installed)
      ? undefined
      : { ...declared, isRange: false };
  const { reachesOlder1 } = await import('./reaches-older.ts');
  return reachesOlder1(version, installed) ? { ...declared, isRange: true } : undefined;
}

/** What the nearest lock file has, and what the package.json wants that belongs to it. */
async function declaredIn(
  tree: Tree,
  base: RepoPath,
): Promise<{
  readonly locked: DeclaredKitVersion | undefined;
  readonly wanted: DeclaredKitVersion | undefined;
}> {
  const entries = await tree.entries();
  const folders = upwards(base);
  const manifests = folders.map((folder) => inside(folder, 'package.json'));
  const locks = folders
    .flatMap((folder) => LOCK_FILES.map(([name]) => ({ folder, name, path: inside(folder, name) })))
    .filter(({ path }) => entries.has(path));
  const texts = new Map(
    [
      ...(await tree.read([
        ...manifests.filter((path) => entries.has(path)),
        ...locks.map(({ path }) => path),
      ])),
    ].map(([path, bytes]) => [path, new TextDecoder('utf-8').decode(bytes)]),
  );
  const packages = manifests.flatMap((path) => {
    const text = texts.get(path);
    return text === undefined ? [] : [readManifest(path, text)];
  });
  const owner = packages.find(({ range }) => range !== undefined) ?? packages[0];
  const range = owner?.range;
  const wanted =
    owner === undefined || range === undefined ? undefined : { path: owner.path, version: range };
  for (const { folder, name, path } of locks) {
    const version = lockfileKitVersion(name, texts.get(path) ?? '', {
      folder: relativeTo(folder, base),
      name: owner?.name,
      range,
    });
    if (version !== undefined) return { locked: { path, version }, wanted };
  }
  return { locked: undefined, wanted };
}

/**
 * What the nearest package.json wants of drizzle-kit, where that can only be 1.x or later:
 * `^1.0.0-beta.2`, `>=1`, and the tags that 1.x is published under before its release. It decides
 * only where nothing is installed or locked.
 */
export async function declaredKit1(
  tree: Tree,
  base: RepoPath,
): Promise<DeclaredKitVersion | undefined> {
  const paths = upwards(base).map((folder) => inside(folder, 'package.json'));
  const texts = await tree.read(paths);
  for (const path of paths) {
    const bytes = texts.get(path);
    const range = bytes && readManifest(path, new TextDecoder('utf-8').decode(bytes)).range?.trim();
    if (range !== undefined)
      return range.split('||').every((one) => KIT_1.test(one))
        ? { path, version: range }
        : undefined;
  }
  return undefined;
}

const KIT_1 = /^\s*(?:npm:drizzle-kit@)?(?:(?:[~^=v]|>=?)*\s*[1-9]\d*(?:[.\s-]|$)|(?:beta|rc)\s*$)/;

/**
 * `0.30` of `0.30.6`, `^0.30.4`, `~0.30`, `0.30.x`; undefined for what more than one minor version
 * satisfies. Before 1.0 is released, each of its candidates counts as one.
 */
export function minorOf(version: string): string | undefined {
  const text = version.trim();
  return (
    /^[~^=v]?\s*(0\.\d+)(?:\.(?:\d+|[xX*])(?:-[\w.-]+)?)?$/.exec(text)?.[1] ??
    /^[=v]?\s*(1\.0\.0-rc\.\d+)(?![\w.])/.exec(text)?.[1] ??
    /^[~=v]?\s*([1-9]\d*\.\d+)\.\d+$/.exec(text)?.[1]
  );
}

interface Manifest {
  readonly path: RepoPath;
  readonly name: string | undefined;
  /** What it wants of drizzle-kit. */
  readonly range: string | undefined;
}

function readManifest(path: RepoPath, text: string): Manifest {
  const json = jsonRecord(text) ?? {};
  const ranges = ['devDependencies', 'dependencies', 'optionalDependencies'].map((field) =>
    isRecord(json[field]) ? json[field]['drizzle-kit'] : undefined,
  );
  const range = ranges.find((one) => typeof one === 'string');
  return { path, name: typeof json['name'] === 'string' ? json['name'] : undefined, range };
}

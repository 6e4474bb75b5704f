import { createRequire } from 'node:module';
import { basename, join, posix } from 'node:path';
import {
  type RepoPath,
  folderOf,
  goesThroughModules,
  inside,
  toRepoPath,
} from '../../model/repo-path.ts';
import type { TreeReader } from './tree-reader.ts';
import { mappedPaths, type TsConfig } from './tsconfig.ts';

/** What esbuild compiles and node does not take; declarations are never imported. */
export const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;
const BUNDLED = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;

/**
 * Nearly every import of a schema is a relative path to a TypeScript file, or an installed package. Both have a short
 * way, without which loading and asking enhanced-resolve would be a quarter of a check. What is not found like this, or
 * has anything unusual about it, goes the long way.
 */
export function relativeFile(
  reader: TreeReader,
  folder: RepoPath,
  specifier: string,
): { readonly path: RepoPath; readonly missed: readonly RepoPath[] } | undefined {
  if (!/^\.\.?\//.test(specifier) || specifier.endsWith('/')) return undefined;
  const path = posix.normalize(inside(folder, specifier));
  // tsx's order (measured with 4.21): a `.js` that is a `.ts`, the file as it is named, then the file with `.ts`.
  const candidates = path.endsWith('.js')
    ? [`${path.slice(0, -'.js'.length)}.ts`, path]
    : [path, `${path}.ts`];
  const at = candidates.findIndex((one) => reader.entries.has(one));
  const found = candidates[at];
  if (
    found === undefined ||
    !BUNDLED.test(found) ||
    reader.isLinked(found) ||
    reader.entries.get(found)?.mode === '160000'
  )
    return undefined;
  return { path: found, missed: candidates.slice(0, at) };
}

/**
 * The file of an installed package, as node's own `require` finds it from a folder (absolute, real path of the file).
 * Undefined for what may be the repository's own: an alias of the tsconfig, a linked workspace package, sources.
 */
export function installedFile(specifier: string, folder: string): string | undefined {
  if (!/^(?:@[^/]+\/)?[^./#@][^/]*/.test(specifier)) return undefined;
  try {
    const path = createRequire(join(folder, 'package.json')).resolve(specifier);
    return goesThroughModules(path) && !TYPESCRIPT.test(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a tsconfig's `paths` or `baseUrl` may lead a specifier to something that the tree has. */
export function mayBeMapped(
  reader: TreeReader,
  top: string,
  config: TsConfig | undefined,
  specifier: string,
): boolean {
  if (config === undefined) return false;
  return mappedPaths(config, specifier).some((candidate) => {
    const below = toRepoPath(top, candidate);
    if (below === undefined || goesThroughModules(below)) return true;
    const name = basename(candidate).replace(/\.\w+$/, '');
    return reader
      .namesIn(folderOf(below))
      .some((one) => one === name || one.startsWith(`${name}.`));
  });
}

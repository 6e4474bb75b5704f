import { posix } from 'node:path';
import { SUBMODULE } from '../../git/trees/tree.ts';
import { type RepoPath, goesThroughModules, inside, toRepoPath } from '../../model/repo-path.ts';
import { EXTENSION_ALIASES, EXTENSIONS } from './enhanced.ts';
import type { TreeFileSystem } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import { mappedPaths, type TsConfig } from './tsconfig.ts';

/** What esbuild compiles and node does not load; declarations are never imported. */
export const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;
const BUNDLED = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;

/**
 * Nearly every import of a schema is a relative path to a TypeScript file, or an installed package.
 * Both are found here without enhanced-resolve: loading and asking it is a quarter of a check. What
 * is not found here, or is unusual in any way, goes the long way, which gives the same answer.
 */
export function relativeFile(
  reader: TreeReader,
  folder: RepoPath,
  specifier: string,
): RepoPath | undefined {
  if (!/^\.\.?\//.test(specifier) || specifier.endsWith('/')) return undefined;
  const path = posix.normalize(inside(folder, specifier));
  const { dir, name, ext } = posix.parse(path);
  const aliases = EXTENSION_ALIASES[ext];
  const candidates =
    aliases === undefined
      ? [path, `${path}.ts`]
      : aliases.map((alias) => inside(dir, `${name}${alias}`));
  const found = candidates.find((one) => reader.entry(one) !== undefined);
  return found === undefined ||
    !BUNDLED.test(found) ||
    reader.isLinked(found) ||
    reader.entry(found)?.mode === SUBMODULE
    ? undefined
    : found;
}

/**
 * The file of an installed package, as node's own `require` finds it from a folder (absolute real
 * path). Undefined for what may be the repository's own: an alias of the tsconfig, a linked
 * workspace package, sources.
 */
export function installedFile(
  { requireResolve }: Pick<TreeFileSystem, 'requireResolve'>,
  specifier: string,
  folder: string,
): string | undefined {
  if (!/^(?:@[^/]+\/)?[^./#@][^/]*/.test(specifier)) return undefined;
  const path = requireResolve(specifier, folder);
  return path !== undefined && goesThroughModules(path) && !TYPESCRIPT.test(path)
    ? path
    : undefined;
}

/**
 * Whether a tsconfig's `paths` or `baseUrl` may lead a specifier to something that the tree has.
 */
export function mayBeMapped(
  reader: TreeReader,
  top: string,
  config: TsConfig | undefined,
  specifier: string,
): boolean {
  if (config === undefined) return false;
  return mappedPaths(config, specifier).some((candidate) => {
    const below = toRepoPath(top, candidate);
    if (below === undefined || goesThroughModules(below) || reader.isLinked(below)) return true;
    const plain = below.replace(/\.\w+$/, '');
    return [below, plain]
      .flatMap((stem) => [stem, ...EXTENSIONS.map((ending) => `${stem}${ending}`)])
      .some((one) => reader.entry(one) !== undefined || reader.hasFolder(one));
  });
}

import { isBuiltin } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import { type RepoPath, goesThroughModules, toRepoPath } from '../../model/repo-path.ts';
import { enhancedResolve } from './enhanced.ts';
import {
  FAST_STEPS,
  LONG_STEPS,
  type Import,
  type ResolveContext,
  type Resolved,
  type Step,
} from './resolve-steps.ts';
import { nearestTsConfig, type TsConfig } from './tsconfig.ts';
import {
  nothingIgnored,
  openTreeFileSystem,
  type Ignores,
  type TreeFileSystem,
} from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';

export interface SchemaResolver {
  /** Resolves what a file (absolute path) imports. */
  resolve(specifier: string, importer: string): Promise<Resolved>;
  /** The tsconfig of where drizzle-kit is run. */
  readonly tsconfig: TsConfig | undefined;
  readonly files: TreeFileSystem;
}

/**
 * A resolver over a tree. `top`: absolute real path of the repository; `base`: the folder that
 * drizzle-kit is run from. Dependencies are found on disk, from the folder of the importing file.
 */
export async function openResolver(
  reader: TreeReader,
  top: string,
  base: RepoPath,
  {
    conditions = [],
    // node's own `require` in this thread, which the fast steps ask, does not know the conditions.
    steps = [...(conditions.length === 0 ? FAST_STEPS : []), ...LONG_STEPS],
    ignores = nothingIgnored,
  }: {
    readonly conditions?: readonly string[];
    readonly steps?: readonly Step[] | undefined;
    readonly ignores?: Ignores;
  } = {},
): Promise<SchemaResolver> {
  const files = openTreeFileSystem(reader, top);
  const isIgnored = async (path: string): Promise<boolean> => {
    const below = toRepoPath(top, path);
    return below !== undefined && !goesThroughModules(below) && ignores(below);
  };
  const reads = {
    text: files.readText,
    generated: async (path: string) =>
      (await isIgnored(path)) ? { text: await files.readDisk(path) } : undefined,
  };
  const tsconfigs = new Map<RepoPath, Promise<TsConfig | undefined>>();
  const tsconfigOf = (folder: RepoPath): Promise<TsConfig | undefined> => {
    let found = tsconfigs.get(folder);
    if (found === undefined) tsconfigs.set(folder, (found = nearestTsConfig(top, folder, reads)));
    return found;
  };
  const tsconfig = await tsconfigOf(base);
  const context: ResolveContext = {
    reader,
    files,
    top,
    tsconfig,
    tsconfigOf,
    isIgnored,
    overTree: enhancedResolve(files.overTree, conditions),
    overDisk: enhancedResolve(files.overDisk, conditions),
  };

  const find = async (specifier: string, folder: string): Promise<Resolved> => {
    const inside = toRepoPath(top, folder);
    const one: Import = {
      specifier,
      folder,
      own: inside === undefined || goesThroughModules(inside) ? undefined : inside,
      byPath: /^\.\.?(?:\/|$)/.test(specifier) || isAbsolute(specifier),
    };
    for (const step of steps) {
      const found = await step(one, context);
      if (found !== undefined) return found;
    }
    return { kind: 'missing', onDisk: false };
  };

  const answers = new Map<string, Promise<Resolved>>();
  return {
    files,
    tsconfig,
    resolve: (specifier, importer) => {
      if (isBuiltin(specifier)) return Promise.resolve({ kind: 'builtin' });
      const folder = dirname(importer);
      const key = `${folder}\0${specifier}`;
      let answer = answers.get(key);
      if (answer === undefined) answers.set(key, (answer = find(specifier, folder)));
      return answer;
    },
  };
}

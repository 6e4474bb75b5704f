import type { FileSystem, Resolver } from 'enhanced-resolve';
import type { ResolverFileSystem } from './tree-fs.ts';

/**
 * As drizzle-kit's tsx requires a file: node's own conditions for `require`, then those of a
 * module.
 */
const CONDITIONS = [
  ['node', 'require', 'module-sync', 'node-addons', 'default'],
  ['node', 'import', 'module-sync', 'default'],
];
/**
 * tsx's order (measured with 4.21); it does not try the last four, but esbuild-register in older
 * kits did.
 */
export const EXTENSIONS: readonly string[] = [
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.json',
  '.node',
  '.mts',
  '.cts',
  '.mjs',
  '.cjs',
];
/** A `.js` that is a `.ts`, and so on, in tsx's order. */
export const EXTENSION_ALIASES: Readonly<Record<string, string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.jsx', '.js'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/** Resolves a specifier from a folder (absolute); undefined when it leads nowhere. */
export type Resolve = (folder: string, specifier: string) => Promise<string | undefined>;

/**
 * enhanced-resolve over a file system, loaded with the first question. `conditions`: besides node's
 * own.
 */
export function enhancedResolve(
  over: ResolverFileSystem,
  conditions: readonly string[] = [],
): Resolve {
  let resolvers: Promise<readonly Resolver[]> | undefined;
  return async (folder, specifier) => {
    for (const resolver of await (resolvers ??= makeResolvers(over, conditions))) {
      const path = await new Promise<string | undefined>((answer) => {
        resolver.resolve({}, folder, specifier, {}, (error, found) =>
          answer(error || typeof found !== 'string' ? undefined : found),
        );
      });
      if (path !== undefined) return path;
    }
    return undefined;
  };
}

async function makeResolvers(
  over: ResolverFileSystem,
  conditions: readonly string[],
): Promise<readonly Resolver[]> {
  const { default: enhanced } = await import('enhanced-resolve');
  // Its types ask for every overload of node's functions; it calls them with a path and a callback.
  const fileSystem = over as unknown as FileSystem;
  return CONDITIONS.map((own) =>
    enhanced.ResolverFactory.createResolver({
      extensions: [...EXTENSIONS],
      extensionAlias: { ...EXTENSION_ALIASES },
      mainFields: ['main'],
      symlinks: true,
      unsafeCache: false,
      conditionNames: [...conditions, ...own],
      fileSystem,
    }),
  );
}

import type { RepoPath } from '../../model/repo-path.ts';

/**
 * `drizzle.config.ts`, `drizzle-admin.config.ts`, `drizzle.config.pglite.ts`,
 * `drizzle.do.config.mjs`, ... in any folder outside `node_modules`. A config's declarations and
 * tests do not count.
 */
export function isConfigName(path: RepoPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The cheap test first: this runs for every path of the tree.
  if (!name.startsWith('drizzle')) return false;
  return (
    /^drizzle[^/]*\.config(\.[^/]+)?\.([mc]?[tj]s|json)$/.test(name) &&
    !/\.(d|spec)\.[mc]?ts$/.test(name) &&
    !inNodeModules(path)
  );
}

/**
 * drizzle-kit's default configs, in the order it looks for them where it is run
 * (`drizzleConfigFromFile`).
 */
export const DEFAULT_CONFIGS = [
  'drizzle.config.ts',
  'drizzle.config.js',
  'drizzle.config.json',
] as const;

export function inNodeModules(path: RepoPath): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/');
}

export const CONFIG_NAMES =
  'drizzle.config.* and drizzle*.config.* (ts, mts, cts, js, mjs, cjs, json) outside node_modules';

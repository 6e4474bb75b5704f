import { inside, upwards, type RepoPath } from '../model/repo-path.ts';
import type { Worktree } from './hook-manager.ts';

/** Yarn's Plug'n'Play keeps no node_modules, where the hooks, esbuild and drizzle-kit are found. */
export const PLUG_N_PLAY_FIX = {
  text: 'Use node_modules, which drizzle-guard needs:',
  run: 'yarn config set nodeLinker node-modules && yarn install',
} as const;

/**
 * The file that shows that a folder is installed with Yarn's Plug'n'Play: its map of packages
 * (`.pnp.cjs`; `.pnp.js` before Yarn 3) or its setting. Undefined where none does.
 */
export async function plugAndPlayFile(
  folder: RepoPath,
  read: Worktree['read'],
): Promise<RepoPath | undefined> {
  for (const at of upwards(folder)) {
    for (const name of ['.pnp.cjs', '.pnp.loader.mjs', '.pnp.js'])
      if ((await read(inside(at, name))) !== undefined) return inside(at, name);
    const settings = await read(inside(at, '.yarnrc.yml'));
    if (settings !== undefined && /^nodeLinker:\s*["']?pnp\b/m.test(settings))
      return inside(at, '.yarnrc.yml');
  }
  return undefined;
}

import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Worktree } from './hook-manager.ts';

/**
 * The hooks folder as a path relative to the top; `.git/hooks` for git's own. A relative one counts
 * from the folder that hooks are run in, the top (git-config). Undefined: not set, or outside the
 * repository.
 */
export async function hooksFolder({
  hooksPath,
  top,
  locate,
}: Worktree): Promise<string | undefined> {
  if (hooksPath === undefined || hooksPath === '') return undefined;
  const folder = await real(resolve(top, hooksPath));
  const common = await real(locate('.git'));
  if (folder.startsWith(common + sep))
    return join('.git', relative(common, folder)).replaceAll('\\', '/');
  const path = relative(await real(top), folder);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? undefined
    : path.replaceAll('\\', '/');
}

/** The path itself where it does not exist yet. */
async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/**
 * The folder in which a person writes husky's hooks, from `core.hooksPath` (`/`- or `\`-separated):
 * husky 9 sets it to `<folder>/_`, 5 to 8 to the folder itself. Undefined: not husky's.
 */
export function huskyFolderOf(
  hooksPath: string,
): { readonly folder: string; readonly generation: 'new' | 'old' } | undefined {
  const path = hooksPath.replaceAll('\\', '/').replace(/\/$/, '');
  if (path.endsWith('/_')) return { folder: path.slice(0, -2), generation: 'new' };
  return /(?:^|\/)\.husky$/.test(path) ? { folder: path, generation: 'old' } : undefined;
}

/** husky's folder, where `core.hooksPath` names it. */
export async function installedHusky(
  worktree: Worktree,
): Promise<ReturnType<typeof huskyFolderOf>> {
  return worktree.hooksPath === undefined
    ? undefined
    : huskyFolderOf((await hooksFolder(worktree)) ?? '');
}

import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { HOOKS, type HookFile } from '../../hooks/hook-manager.ts';
import type { InstalledHooks } from '../installed-hooks.ts';

/**
 * Every hook that git knows (githooks(5)), so that only the guard's hooks run: others may send,
 * deploy or delete.
 */
const OTHERS = new Set([
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-receive',
  'update',
  'proc-receive',
  'post-receive',
  'post-update',
  'reference-transaction',
  'push-to-checkout',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
  'fsmonitor-watchman',
  'post-index-change',
]);

interface CopiedHooks {
  /** For `core.hooksPath`; undefined where git's own folder will do. */
  readonly path: string | undefined;
  /**
   * What was copied into the working tree, relative to its top; undefined where it is outside.
   */
  readonly tracked: string | undefined;
  /** Texts of what was copied and may be run. */
  readonly texts: readonly string[];
}

/**
 * Copies the hooks as they are in the examined working tree, modes and line endings included, to
 * the same path in the sandbox; a folder outside the working tree becomes the sandbox's own.
 * @param scripts the person's own scripts that the hooks run; their folder is copied whole
 */
export async function copyHooks(
  hooks: InstalledHooks,
  scripts: readonly HookFile[],
  top: string,
  sandbox: string,
): Promise<CopiedHooks> {
  const inside = relative(top, hooks.folder);
  const outside =
    hooks.settings.length === 0 ||
    /^\.\.(?:[\\/]|$)/.test(inside) ||
    isAbsolute(inside) ||
    /^\.git(?:[\\/]|$)/.test(inside);
  const target = outside ? join(sandbox, '.git/hooks') : join(sandbox, inside);
  if (!hooks.exists) return { path: outside ? undefined : inside, tracked: undefined, texts: [] };
  // The top itself: what git tracks of it is there already, and the rest is not part of a hook.
  if (inside === '') return { path: '.', tracked: undefined, texts: [] };
  const within =
    !outside && scripts.some(({ path }) => dirname(join(top, path)) === dirname(hooks.folder));
  await copyFolder(
    within ? dirname(hooks.folder) : hooks.folder,
    within ? dirname(target) : target,
  );
  return {
    path: outside ? target : inside,
    tracked: outside ? undefined : within ? dirname(inside) : inside,
    texts: await textsIn(within ? [target, dirname(target)] : [target]),
  };
}

async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    force: true,
    verbatimSymlinks: true,
    filter: (path) =>
      !OTHERS.has(basename(path)) && !path.endsWith('.sample') && basename(path) !== '.git',
  });
}

async function textsIn(folders: readonly string[]): Promise<readonly string[]> {
  const paths = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder))
        .filter((name) => HOOKS.some((hook) => hook === name))
        .map((name) => join(folder, name)),
    ),
  );
  return Promise.all(
    paths
      .flat()
      .map(async (path) =>
        (await stat(path).catch(() => undefined))?.isFile() === true ? readFile(path, 'utf8') : '',
      ),
  );
}

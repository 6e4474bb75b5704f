import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { callFor } from './guard-call.ts';
import { addToFolder, HEADER, removeFromFolder } from './hook-files.ts';
import { huskyFolderOf } from './husky-folder.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { note, NOTHING } from './plan.ts';
import type { HookManager, Worktree } from './hook-manager.ts';

/** A folder of hooks that `core.hooksPath` names, committed with the rest or not. */
export const HOOKS_PATH: HookManager = {
  id: 'hooks-path',
  title: 'the folder that core.hooksPath names',
  async detect(worktree) {
    return (
      worktree.hooksPath !== undefined &&
      huskyFolderOf(worktree.hooksPath) === undefined &&
      (await hooksFolder(worktree)) !== '.git/hooks'
    );
  },
  async add(worktree) {
    if (worktree.hooksPath === undefined) return note('core.hooksPath is not set.');
    const path = await hooksFolder(worktree);
    if (path === undefined) {
      return note(
        `core.hooksPath is ${worktree.hooksPath}, outside of this repository: every repository that uses it would run what is written there. Let its hooks call \`${callFor('pre-commit', worktree.guard)}\` and \`${callFor('pre-push', worktree.guard)} "$@"\` where the repository has it, or give this repository hooks of its own: git config --local core.hooksPath .githooks`,
      );
    }
    return addToFolder(worktree, {
      path,
      header: HEADER,
      runByGit: true,
      stops: false,
      cared: await caredByLintStaged(worktree, await worktree.read(`${path}/pre-commit`)),
    });
  },
  async remove(worktree) {
    const path =
      worktree.hooksPath === undefined || huskyFolderOf(worktree.hooksPath) !== undefined
        ? undefined
        : await hooksFolder(worktree);
    return path === undefined || path === '.git/hooks'
      ? NOTHING
      : removeFromFolder(worktree, { path, header: HEADER });
  },
};

/**
 * The hooks folder as a path relative to the top; `.git/hooks` for git's own. A relative one counts from the folder that
 * hooks are run in, the top (git-config). Undefined: not set, or outside of the repository.
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

/** The parent's, where the folder itself is not there yet. */
async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

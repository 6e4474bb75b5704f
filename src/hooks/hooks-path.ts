import { bareCall, callsInFiles } from './guard-call.ts';
import { addToFolder, HEADER, removeFromFolder } from './hook-files.ts';
import { hooksFolder, huskyFolderOf } from './hooks-folder.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { note, NOTHING } from './plan.ts';
import type { HookManager } from './hook-manager.ts';

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
        `core.hooksPath is ${worktree.hooksPath}, outside this repository: every repository ` +
          'that uses it would run what is written there. Let its hooks call ' +
          `\`${bareCall('pre-commit', worktree.folder)}\` and \`${bareCall('pre-push', worktree.folder)} ` +
          `"$@"\` where the repository has it, or give this repository hooks of its ` +
          'own: git config --local core.hooksPath .githooks',
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
  inspect: async (_worktree, files) => ({ calls: callsInFiles(files) }),
};

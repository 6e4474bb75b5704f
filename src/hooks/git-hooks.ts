import { callsInFiles } from './guard-call.ts';
import { addToFolder, HEADER, removeFromFolder } from './hook-files.ts';
import { hooksFolder } from './hooks-folder.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { note } from './plan.ts';
import type { HookManager, Worktree } from './hook-manager.ts';

const FOLDER = '.git/hooks';

/** git's own hooks folder: in this clone alone, never committed. */
export const GIT_HOOKS: HookManager = {
  id: 'git',
  title: "git's own hooks folder",
  async detect(worktree) {
    return (
      (await isUsed(worktree)) &&
      (await worktree.list(FOLDER)).some((name) => !/\.(?:sample|old|legacy)$/.test(name))
    );
  },
  async add(worktree) {
    if (!(await isUsed(worktree)))
      return note(
        `core.hooksPath is ${worktree.hooksPath ?? ''}: git does not use its own hooks folder.`,
      );
    const plan = await addToFolder(worktree, {
      path: FOLDER,
      header: HEADER,
      runByGit: true,
      stops: false,
      cared: await caredByLintStaged(worktree, await worktree.read(`${FOLDER}/pre-commit`)),
    });
    return plan.edits.length === 0
      ? plan
      : {
          ...plan,
          notes: [
            ...plan.notes,
            'These hooks are in this clone only: everybody else has to run `npx drizzle-guard ' +
              'init` too, or the team uses a hook manager (husky).',
          ],
        };
  },
  remove: (worktree) => removeFromFolder(worktree, { path: FOLDER, header: HEADER }),
  inspect: async (_worktree, files) => ({ calls: callsInFiles(files) }),
};

async function isUsed(worktree: Worktree): Promise<boolean> {
  return worktree.hooksPath === undefined || (await hooksFolder(worktree)) === FOLDER;
}

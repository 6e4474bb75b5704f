import { addToFolder, HEADER, removeFromFolder } from './hook-files.ts';
import { hooksFolder } from './hooks-path.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { note } from './plan.ts';
import type { HookManager, Place } from './setup.ts';

const FOLDER = '.git/hooks';

/** git's own hooks folder: in this clone alone, never committed. */
export const GIT_HOOKS: HookManager = {
  id: 'git',
  title: "git's own hooks folder",
  async detect(place) {
    return (
      (await isUsed(place)) &&
      (await place.list(FOLDER)).some((name) => !/\.(?:sample|old|legacy)$/.test(name))
    );
  },
  async add(place) {
    if (!(await isUsed(place)))
      return note(
        `core.hooksPath is ${place.hooksPath ?? ''}: git does not look into its own hooks folder.`,
      );
    const plan = await addToFolder(place, {
      path: FOLDER,
      header: HEADER,
      runByGit: true,
      stops: false,
      cared: await caredByLintStaged(place, await place.read(`${FOLDER}/pre-commit`)),
    });
    return plan.edits.length === 0
      ? plan
      : {
          ...plan,
          notes: [
            ...plan.notes,
            'These hooks are in this clone alone: everybody else has to run `guard init` too, or the team takes a hook manager (husky).',
          ],
        };
  },
  remove: (place) => removeFromFolder(place, { path: FOLDER, header: HEADER }),
};

async function isUsed(place: Place): Promise<boolean> {
  return place.hooksPath === undefined || (await hooksFolder(place)) === FOLDER;
}

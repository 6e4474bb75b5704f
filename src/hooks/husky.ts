import { inside } from '../model/repo-path.ts';
import { addToFolder, removeFromFolder, type HookFolder } from './hook-files.ts';
import { installedHusky } from './hooks-folder.ts';
import { inspectHusky } from './husky-inspect.ts';
import { huskySetUp, huskyTakenOut, MARK } from './husky-set-up.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { packageText, type PackageText } from './package-json.ts';
import { joined, note, NOTHING } from './plan.ts';
import type { HookManager, Worktree } from './hook-manager.ts';

/** What husky's own template and its documentation of 5 to 8 begin a hook with. */
const OLD_HEADER = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n';

/**
 * husky. 9 runs a hook's text with `sh -e`, whatever its shebang, node_modules/.bin in front of
 * PATH (its file `h`); 5 to 8 let git run the files, which need their run bit and source
 * `husky.sh`; 4 and older keep commands in package.json and are only recognised.
 */
export const HUSKY: HookManager = {
  id: 'husky',
  title: 'husky',
  async detect(worktree) {
    const file = await packageText(worktree);
    return (
      file.dependsOn('husky') ||
      (await isVeryOld(worktree, file)) ||
      (await installedHusky(worktree)) !== undefined ||
      (await hasHooks(worktree, inside(worktree.folder, '.husky')))
    );
  },
  async add(worktree) {
    const file = await packageText(worktree);
    if (await isVeryOld(worktree, file)) return note(VERY_OLD);
    const folder = await huskyFolder(worktree, file);
    const setUp = await huskySetUp(worktree, file, folder.path);
    const header = setUp.fresh ? MARK : folder.header;
    const cared = await caredByLintStaged(
      worktree,
      await worktree.read(`${folder.path}/pre-commit`),
    );
    const lost =
      setUp.plan.commands.length === 0 || worktree.hooksPath !== undefined
        ? []
        : (await worktree.list('.git/hooks')).filter(
            (name) => !/\.(?:sample|old|legacy)$/.test(name),
          );
    const notes =
      lost.length === 0
        ? []
        : [
            `husky makes git use its own hooks folder, so .git/hooks (${lost.join(', ')}) no ` +
              `longer runs. Move what you need to ${folder.path}.`,
          ];
    return joined(setUp.plan, await addToFolder(worktree, { ...folder, header, cared }), {
      ...NOTHING,
      notes,
    });
  },
  async remove(worktree) {
    const file = await packageText(worktree);
    const { path, header } = await huskyFolder(worktree, file);
    const marked = await removeFromFolder(worktree, { path, header: MARK });
    const plain = await removeFromFolder(worktree, { path, header });
    // A file that was made whole goes whole, under either beginning.
    const hooks = {
      ...plain,
      edits: plain.edits.map(
        (edit) =>
          marked.edits.find((other) => other.path === edit.path && other.after === undefined) ??
          edit,
      ),
    };
    return joined(hooks, await huskyTakenOut(worktree, file, path, hooks.edits));
  },
  inspect: inspectHusky,
};

const VERY_OLD =
  'This project has husky 4 or older, whose hooks in package.json are not edited ' +
  'here. Move to husky 9 (https://typicode.github.io/husky/migrate-from-v4.html) ' +
  'and run `npx drizzle-guard init` again, or add `drizzle-guard pre-commit` to its ' +
  'pre-commit and pre-merge-commit commands, and to pre-push: printf "%s\\n" ' +
  '"$HUSKY_GIT_STDIN" | drizzle-guard pre-push $HUSKY_GIT_PARAMS';

/** Commands in package.json or .huskyrc, and no folder of hooks yet. */
async function isVeryOld(worktree: Worktree, file: PackageText): Promise<boolean> {
  const range = ['devDependencies', 'dependencies']
    .map((kind) => file.at(kind, 'husky'))
    .find((it) => typeof it === 'string');
  const config =
    file.at('husky', 'hooks') !== undefined ||
    (
      await Promise.all(
        [
          '.huskyrc',
          '.huskyrc.json',
          '.huskyrc.js',
          '.huskyrc.yaml',
          '.huskyrc.yml',
          'husky.config.js',
        ].map((name) => worktree.read(inside(worktree.folder, name))),
      )
    ).some((text) => text !== undefined);
  if (config)
    return (
      (await installedHusky(worktree)) === undefined &&
      !(await hasHooks(worktree, inside(worktree.folder, '.husky')))
    );
  return typeof range === 'string' && /^[~^=v]*[0-4]\./.test(range);
}

async function huskyFolder(worktree: Worktree, file: PackageText): Promise<HookFolder> {
  const known = await installedHusky(worktree);
  const path = known?.folder ?? folderInScripts(file) ?? inside(worktree.folder, '.husky');
  const texts = await Promise.all(
    (await worktree.list(path))
      .filter((name) => !name.startsWith('.'))
      .map((name) => worktree.read(`${path}/${name}`)),
  );
  const range = ['devDependencies', 'dependencies']
    .map((kind) => file.at(kind, 'husky'))
    .find((it) => typeof it === 'string');
  const old =
    known === undefined
      ? typeof range === 'string' && /^[~^=v]*[5-8](?:\.|$)/.test(range)
      : known.generation === 'old';
  // 9 still runs files of the old form, and warns about their two lines.
  const sourced =
    old ||
    (known === undefined &&
      range === undefined &&
      texts.some((text) => text?.includes('/_/husky.sh')));
  return { path, header: sourced ? OLD_HEADER : '', runByGit: old, stops: true };
}

/**
 * `"prepare": "cd .. && husky frontend/.husky"`: the folder counts from where husky is run, which
 * is the top.
 */
function folderInScripts(file: PackageText): string | undefined {
  for (const name of ['prepare', 'postinstall', 'postprepare']) {
    const script = file.at('scripts', name);
    const match =
      typeof script === 'string'
        ? /(?:^|[\s&;/])husky(?: install)? (?:\.\/)?([\w@.][\w@./-]*)/.exec(script)
        : null;
    if (match?.[1] !== undefined) return match[1].replace(/\/$/, '');
  }
  return undefined;
}

async function hasHooks(worktree: Worktree, folder: string): Promise<boolean> {
  return (await worktree.list(folder)).some((name) => name !== '_' && name !== '.gitignore');
}

import { UNSET_HOOKS_PATH } from '../../hooks/husky-set-up.ts';
import { commandLine } from '../../hooks/command-line.ts';
import { huskyFolderOf } from '../../hooks/hooks-folder.ts';
import { removeMergeDriver } from '../../hooks/merge-driver.ts';
import type { FileEdit, HookManager, Worktree, Plan } from '../../hooks/hook-manager.ts';
import { type RepoPath, inside } from '../../model/repo-path.ts';
import { removeCi, type CiSetup } from './ci-plan.ts';
import { dependencyNames, OWN_NAME, removeCommand, type Packages } from './packages.ts';
import { planInTurn } from './plans.ts';
import { digest, type InitRecord } from './record.ts';
import { managedFiles } from './apply.ts';

/** What `guard uninstall` does, in its order. */
export interface UndoPlan {
  /**
   * Hooks, CI files, whatever else is text; and the commands, the one that takes the guard itself
   * away at the end.
   */
  readonly plan: Plan;
  /** What a package manager writes in ways of its own, put back afterwards to the byte. */
  readonly restored: readonly Restored[];
}

interface Restored {
  readonly path: RepoPath;
  /** undefined: there was no such file. */
  readonly text: string | undefined;
}

interface Installed {
  readonly worktree: Worktree;
  readonly packages: Packages;
  readonly record: InitRecord | undefined;
  readonly ci: CiSetup;
}

/**
 * Plans to take out what init put in: the hook lines of every manager that has any, the merge
 * driver, CI files that are as init wrote them, and, where this clone remembers having added it, the guard as a
 * dependency. What nothing else touched since goes back to what it was, byte for byte.
 */
export async function planUndo(
  { worktree, packages, record, ci }: Installed,
  managers: readonly HookManager[],
): Promise<UndoPlan> {
  const manifest = inside(packages.folder, 'package.json');
  const removal = await planInTurn(worktree, [
    removeMergeDriver,
    ...managers.map((manager) => (at: Worktree) => manager.remove(at)),
    (at) => removeCi(at, ci),
  ]);
  const edits = new Map(removal.edits.map((edit) => [edit.path, edit]));
  const manifestText = edits.has(manifest)
    ? edits.get(manifest)?.after
    : await worktree.read(manifest);
  const names = dependencyNames(manifestText);
  const leaves = names.has(OWN_NAME) && record?.dependencies.includes(OWN_NAME) === true;
  const rest = [...names].filter((name) => !(leaves && name === OWN_NAME));

  const managed = new Set(managedFiles(packages));
  const was = new Map((record?.files ?? []).map(({ path, before }) => [path, before ?? undefined]));
  // Somebody may need meanwhile what came with the guard (husky): then the bytes of before are not the
  // truth of today.
  const sameDependencies = was.has(manifest) && same(rest, dependencyNames(was.get(manifest)));
  const installs = leaves || removal.commands.some(({ program }) => program !== 'git');
  const restored: Restored[] = [];
  const settled = new Set<RepoPath>();
  for (const { path, after } of record?.files ?? []) {
    const now = await worktree.read(path);
    const text = was.get(path);
    if (digest(now) !== after || (managed.has(path) && !sameDependencies)) continue;
    settled.add(path);
    const planned = edits.has(path) ? edits.get(path)?.after : now;
    if (managed.has(path)) restored.push(...(installs || planned !== text ? [{ path, text }] : []));
    else if (now !== text) edits.set(path, { path, before: now, after: text });
    else edits.delete(path);
  }
  const takeOut = leaves ? [removeCommand(packages, [OWN_NAME], 'init added it')] : [];
  const install = commandLine({
    program: packages.manager,
    args: ['install'],
    folder: packages.folder,
    why: '',
  });
  // What takes the guard out brings all else into step with package.json too.
  const unset =
    record?.hooksPath === true &&
    !removal.commands.includes(UNSET_HOOKS_PATH) &&
    (await hasNoHooks(worktree, edits));
  const commands = [
    // husky was a dependency that nobody had set up: package.json keeps it, and git forgets it.
    ...(unset ? [UNSET_HOOKS_PATH] : []),
    ...removal.commands.filter((command) => !leaves || commandLine(command) !== install),
    ...takeOut,
  ];
  const notes = removal.notes.filter((note) => ![...settled].some((path) => note.startsWith(path)));
  if (names.has(OWN_NAME) && !leaves && !packages.isGuard) {
    notes.push(
      `${manifest} lists ${OWN_NAME}, but init did not add it in this clone. To remove ` +
        `it: ${commandLine(removeCommand(packages, [OWN_NAME], ''))}`,
    );
  }
  return { plan: { edits: [...edits.values()], commands, notes }, restored };
}

/** Whether husky's folder, which `core.hooksPath` names, has no hooks once these edits are made. */
async function hasNoHooks(
  worktree: Worktree,
  edits: ReadonlyMap<RepoPath, FileEdit>,
): Promise<boolean> {
  const folder = huskyFolderOf(worktree.hooksPath ?? '')?.folder;
  if (folder === undefined) return false;
  return (await worktree.list(folder)).every((name) => {
    const edit = edits.get(`${folder}/${name}`);
    return (
      name === '_' || name === '.gitignore' || (edit !== undefined && edit.after === undefined)
    );
  });
}

function same(names: readonly string[], others: ReadonlySet<string>): boolean {
  return names.length === others.size && names.every((name) => others.has(name));
}

import type { RepoPath } from '../model/repo-path.ts';
import { bareCall, callsGuard } from './guard-call.ts';
import { addToScript, removeFromScript, type Scripted } from './edit/script.ts';
import { HOOKS, type FileEdit, type HookName, type Worktree, type Plan } from './hook-manager.ts';

/** A folder of hook files. */
export interface HookFolder {
  /** Relative to the top. */
  readonly path: string;
  /** What a new file begins with. */
  readonly header: string;
  /** Whether git itself runs the files, and they need their run bit. */
  readonly runByGit: boolean;
  /** Whether the shell stops at the first failing command in any case. */
  readonly stops: boolean;
  /** Hooks that reach the guard in another way. */
  readonly cared?: ReadonlySet<HookName>;
}

/**
 * A new script's beginning where git runs it. The second line distinguishes it from a file that was there.
 */
export const HEADER = '#!/bin/sh\n# Made by `guard init`.\n';

/** Calls the guard from each hook of a folder. */
export async function addToFolder(worktree: Worktree, folder: HookFolder): Promise<Plan> {
  const edits: FileEdit[] = [];
  const notes: string[] = [];
  for (const hook of HOOKS) {
    if (folder.cared?.has(hook) === true) continue;
    const path = `${folder.path}/${hook}`;
    const before = await worktree.read(path);
    if (
      hook === 'pre-merge-commit' &&
      before !== undefined &&
      /hooks\/pre-commit\b|\.husky\/pre-commit\b/.test(before)
    )
      continue;
    const made: Scripted = addToScript(before, {
      hook,
      from: worktree,
      header: folder.header,
      stops: folder.stops,
    });
    if ('refused' in made) {
      notes.push(
        `${path} ${made.refused}: call ${addedLine(hook, worktree.folder)} in it, ` +
          'and exit with its exit code when that is not 0.',
      );
      continue;
    }
    const mayRun =
      !folder.runByGit || (before !== undefined && (await worktree.isExecutable(path)));
    if (made.text === before && mayRun) continue;
    if (before !== undefined && !mayRun)
      notes.push(`${path} was not executable, so git skipped it. Now git runs everything in it.`);
    edits.push({
      path,
      before,
      after: made.text,
      ...(folder.runByGit ? { executable: true } : {}),
    });
  }
  return { edits, commands: [], notes };
}

/** Takes the guard's calls out of a folder again. */
export async function removeFromFolder(
  worktree: Worktree,
  { path: folder, header }: Pick<HookFolder, 'path' | 'header'>,
): Promise<Plan> {
  const edits: FileEdit[] = [];
  const notes: string[] = [];
  for (const hook of HOOKS) {
    const path = `${folder}/${hook}`;
    const before = await worktree.read(path);
    if (before === undefined) continue;
    const after = removeFromScript(before, header);
    if (after !== before) edits.push({ path, before, after });
    if (after !== undefined && callsGuard(after, hook))
      notes.push(
        `${path} has a call of the guard that guard init did not write: remove it by hand.`,
      );
  }
  return { edits, commands: [], notes };
}

function addedLine(hook: HookName, folder: RepoPath): string {
  return `\`${bareCall(hook, folder)}\`${hook === 'pre-push' ? " with git's arguments and its standard input" : ''}`;
}

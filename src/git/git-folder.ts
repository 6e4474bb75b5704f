import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mergeHeadsNamed } from './environment.ts';
import type { GitOptions } from './git.ts';

/**
 * The git common directory, without a git process: a hook of a plain clone runs at its top, where
 * `.git` is.
 * @returns undefined elsewhere (a linked worktree, a subfolder, `GIT_DIR` set to another folder).
 */
export function plainGitFolder({ cwd, env }: GitOptions): string | undefined {
  const folder = join(cwd, '.git');
  const named = env['GIT_DIR'];
  if (
    env['GIT_COMMON_DIR'] !== undefined ||
    (named !== undefined && named !== '.git' && named !== folder)
  )
    return undefined;
  try {
    return statSync(folder).isDirectory() ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The git common directory, without a git process, from any folder of any worktree.
 * @returns undefined where it is not known.
 */
export function commonGitFolder({ cwd, env }: GitOptions): string | undefined {
  if (env['GIT_COMMON_DIR'] !== undefined) return resolve(cwd, env['GIT_COMMON_DIR']);
  const folder = ownGitFolder({ cwd, env });
  if (folder === undefined) return undefined;
  try {
    // A linked worktree names it in a file (gitrepository-layout).
    return resolve(folder, readFileSync(join(folder, 'commondir'), 'utf8').replace(/\r?\n$/, ''));
  } catch {
    return folder;
  }
}

/**
 * Whether a merge is being concluded, without a git process. What it changes does not show against
 * HEAD alone: a merge that drops everything of the other side records HEAD's own tree. @returns
 * true where it is not known.
 */
export function mergeUnderWay({ cwd, env }: GitOptions): boolean {
  if (mergeHeadsNamed(env).length > 0) return true;
  const folder = ownGitFolder({ cwd, env });
  return folder === undefined || existsSync(join(folder, 'MERGE_HEAD'));
}

/** The working tree's own git folder, likewise. */
export function ownGitFolder({ cwd, env: { GIT_DIR } }: GitOptions): string | undefined {
  return GIT_DIR === undefined ? nearestGitFolder(cwd) : resolve(cwd, GIT_DIR);
}

/**
 * The full oid of HEAD, without a git process, where small files say it: HEAD itself and, if that
 * names a branch, the file of the branch, which counts before packed refs (gitrepository-layout).
 * @param own the working tree's own git folder
 * @param common the git common directory
 * @returns undefined where only git knows it.
 */
export function plainHead(own: string, common: string): string | undefined {
  try {
    const head = readFileSync(join(own, 'HEAD'), 'utf8');
    const branch = /^ref: (refs\/heads\/.+)\n$/.exec(head)?.[1];
    const named = branch === undefined ? head : readFileSync(join(common, branch), 'utf8');
    return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(named)?.[1];
  } catch {
    return undefined;
  }
}

/** The git folder of a working tree or submodule. @param folder absolute path of its top */
export function gitFolderAt(folder: string): string | undefined {
  try {
    return readGitFolder(folder);
  } catch {
    return undefined;
  }
}

/** `.git` of the nearest folder upwards. */
function nearestGitFolder(from: string): string | undefined {
  try {
    return readGitFolder(from);
  } catch {
    return dirname(from) === from ? undefined : nearestGitFolder(dirname(from));
  }
}

/**
 * In a linked worktree and a submodule `.git` is a file that names the folder; undefined where it
 * names none. @throws where there is no `.git`.
 */
function readGitFolder(folder: string): string | undefined {
  const path = join(folder, '.git');
  if (statSync(path).isDirectory()) return path;
  const named = /^gitdir: (.+?)\r?\n?$/.exec(readFileSync(path, 'utf8'))?.[1];
  return named === undefined ? undefined : resolve(folder, named);
}

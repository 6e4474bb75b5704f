import { isUtf8 } from 'node:buffer';
import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError } from '../model/errors.ts';
import type { Repository } from '../git/repository.ts';
import { parsePackage, type PackageFile } from '../project/scripts/package-file.ts';
import { LOCK_FILES, packageManagerOf } from '../project/scripts/package-manager.ts';
import { folderOf, inside, upwards } from '../model/repo-path.ts';
import type { Worktree } from './hook-manager.ts';
import { posixWord } from '../model/shell-quote.ts';

const GUARD = 'node_modules/.bin/drizzle-guard';

/**
 * Opens the working tree of a repository for the hook managers.
 * @param folder the folder of the package.json that the guard and the hook manager belong to; left
 * out: the top if there is one, else the nearest upwards from the caller's folder, else the first
 * that git knows with the guard installed, else the first, else the top.
 * @throws GuardError `git-failed`; its `read` `usage` for a file that is not UTF-8.
 */
export async function openWorktree(
  repository: Pick<Repository, 'git' | 'topLevel' | 'commonDir' | 'prefix'>,
  folder?: string,
): Promise<Worktree> {
  const { topLevel: top, commonDir } = repository;
  const locate = (path: string): string =>
    path === '.git' || path.startsWith('.git/') ? join(commonDir, path.slice(4)) : join(top, path);
  const read = async (path: string): Promise<string | undefined> => {
    const bytes = await readFile(locate(path)).catch(absent);
    // Written back it would not be what it was.
    if (bytes !== undefined && !isUtf8(bytes))
      throw new GuardError('usage', `${path} is not UTF-8`, {
        help: ['Write it as UTF-8, and try again.'],
      });
    return bytes?.toString('utf8');
  };
  const isFile = (path: string): Promise<boolean> =>
    stat(locate(path)).then(
      (found) => found.isFile(),
      () => false,
    );
  const at = folder ?? (await packageFolder(repository, read, isFile));
  const { manager, folder: managed } = await managerOf(at, read, isFile);
  return {
    top,
    folder: at,
    hooksPath: await hooksPath(repository),
    mergeDriver: await mergeDriver(repository),
    packageManager: manager,
    install: `${manager} install${managed === '' ? '' : ` in ${posixWord(managed)}`}`,
    guard: posixWord(inside(at, GUARD)),
    read,
    list: async (path) => ((await readdir(locate(path)).catch(absent)) ?? []).sort(),
    isExecutable: (path) =>
      access(locate(path), constants.X_OK).then(
        () => true,
        () => false,
      ),
    locate,
  };
}

/** `--type=path` writes `~` out. Exit code 1: not set. */
async function hooksPath({ git }: Pick<Repository, 'git'>): Promise<string | undefined> {
  const { stdout, exitCode } = await git.run(
    ['config', '-z', '--type=path', '--get', 'core.hooksPath'],
    { ok: [0, 1] },
  );
  return exitCode === 0 ? stdout.toString('utf8').replace(/\0$/, '') : undefined;
}

/** What git prints: `key`, a line break, `value`, NUL. Exit code 1: there is none. */
async function mergeDriver({ git }: Pick<Repository, 'git'>): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git.run(
    ['config', '-z', '--local', '--get-regexp', String.raw`^merge\.drizzle-guard\.`],
    { ok: [0, 1] },
  );
  const lines = stdout.toString('utf8').split('\0').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [key = '', ...value] = line.split('\n');
      return [key.slice(key.lastIndexOf('.') + 1), value.join('\n')];
    }),
  );
}

async function packageFolder(
  { git, prefix }: Pick<Repository, 'git' | 'prefix'>,
  read: Worktree['read'],
  isFile: (path: string) => Promise<boolean>,
): Promise<string> {
  for (const folder of ['', ...upwards(prefix.replace(/\/$/, ''))])
    if ((await read(inside(folder, 'package.json'))) !== undefined) return folder;
  const { stdout } = await git.run(['ls-files', '-z', '--', ':(top,glob)**/package.json']);
  const folders = stdout.toString('utf8').split('\0').slice(0, -1).map(folderOf);
  for (const folder of folders) if (await isFile(inside(folder, GUARD))) return folder;
  return folders[0] ?? '';
}

async function managerOf(
  folder: string,
  read: Worktree['read'],
  isFile: (path: string) => Promise<boolean>,
): Promise<ReturnType<typeof packageManagerOf>> {
  const packages = new Map<string, PackageFile>();
  const files = new Set<string>();
  for (const at of upwards(folder)) {
    // A lock file may be binary: only its name counts.
    for (const [name] of LOCK_FILES)
      if (await isFile(inside(at, name))) files.add(inside(at, name));
    const path = inside(at, 'package.json');
    const text = await read(path);
    const file = text === undefined ? undefined : parsePackage(path, Buffer.from(text));
    if (file !== undefined) packages.set(at, file);
  }
  return packageManagerOf(folder, packages, (path) => files.has(path));
}

/** A missing file is an answer; one that cannot be read is not. */
function absent(error: unknown): undefined {
  if (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR')
  )
    return undefined;
  throw error;
}

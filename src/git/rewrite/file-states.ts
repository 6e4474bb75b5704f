import {
  chmod,
  lstat,
  mkdir,
  readFile,
  readlink,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Repository } from '../repository.ts';
import { literally } from '../trees/listing.ts';
import type { Entry } from '../trees/tree.ts';

/** A path in the index and in the working tree. Plain JSON. */
export interface FileState {
  /** 0, or of a conflict some of 1 to 3; none where the index has not got the path. */
  readonly stages: readonly (Entry & { readonly stage: number })[];
  /** A sparse checkout leaves the file out of the working tree. */
  readonly skipped?: true;
  /** Missing where there is no file. Of a link, its target. */
  readonly file?: { readonly kind: 'plain' | 'executable' | 'link'; readonly base64: string };
}

export type States = Readonly<Record<RepoPath, FileState>>;

/** @throws GuardError `git-failed`. */
export async function readStates(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<States> {
  return withFiles(repository, paths, await readIndex(repository, paths));
}

/**
 * The states of paths of which some have just been staged and checked out: git is asked about the
 * others alone. It says of these what it was given: replaced entries have no flags, so that none of
 * them is skipped.
 * @throws GuardError `git-failed`.
 */
export async function readStatesAfter(
  repository: Repository,
  paths: readonly RepoPath[],
  staged: ReadonlyMap<RepoPath, FileState['stages']>,
): Promise<States> {
  const { stages, skipped } = await readIndex(
    repository,
    paths.filter((path) => !staged.has(path)),
  );
  return withFiles(repository, paths, { stages: new Map([...stages, ...staged]), skipped });
}

interface IndexStates {
  readonly stages: ReadonlyMap<RepoPath, FileState['stages']>;
  readonly skipped: ReadonlySet<RepoPath>;
}

async function withFiles(
  { topLevel }: Repository,
  paths: readonly RepoPath[],
  { stages, skipped }: IndexStates,
): Promise<States> {
  const states = paths.map(async (path) => {
    const file = await readFileState(join(topLevel, path));
    const state: FileState = {
      stages: stages.get(path) ?? [],
      ...(skipped.has(path) ? { skipped: true } : {}),
      ...(file === undefined ? {} : { file }),
    };
    return [path, state];
  });
  return Object.fromEntries(await Promise.all(states)) as States;
}

async function readIndex({ git }: Repository, paths: readonly RepoPath[]): Promise<IndexStates> {
  const stages = new Map<RepoPath, FileState['stages']>();
  const skipped = new Set<RepoPath>();
  for (let at = 0; at < paths.length; at += 200) {
    const asked = paths.slice(at, at + 200).map(literally);
    const { stdout } = await git.run([
      'ls-files',
      '--stage',
      // `S` for what a sparse checkout leaves out.
      '-t',
      '--full-name',
      '-z',
      '--',
      ...asked,
    ]);
    for (const record of stdout.toString('utf8').split('\0')) {
      const [, tag = '', mode = '', oid = '', stage = '', path = ''] =
        /^(\S) (\d+) ([0-9a-f]+) (\d)\t([^]*)$/.exec(record) ?? [];
      if (tag === 'S') skipped.add(path);
      if (path !== '')
        stages.set(path, [...(stages.get(path) ?? []), { mode, oid, stage: Number(stage) }]);
    }
  }
  return { stages, skipped };
}

async function readFileState(absolute: string): Promise<FileState['file']> {
  const stat = await lstat(absolute).catch(() => undefined);
  if (stat === undefined || stat.isDirectory()) return undefined;
  if (stat.isSymbolicLink())
    return { kind: 'link', base64: (await readlink(absolute, 'buffer')).toString('base64') };
  const kind = (stat.mode & 0o100) === 0 ? 'plain' : 'executable';
  return { kind, base64: (await readFile(absolute)).toString('base64') };
}

/** Makes the file of the working tree what the state says. The index is not touched. */
export async function writeState(
  { topLevel }: Repository,
  path: RepoPath,
  { file }: FileState,
): Promise<void> {
  const absolute = join(topLevel, path);
  if (file === undefined) return removeFile(absolute);
  await rm(absolute, { force: true });
  await mkdir(dirname(absolute), { recursive: true });
  const bytes = Buffer.from(file.base64, 'base64');
  if (file.kind === 'link') return symlink(bytes, absolute);
  await writeFile(absolute, bytes);
  if (file.kind === 'executable') await chmod(absolute, 0o755);
}

/** With its folder, where nothing else is in it, as git does. `path`: absolute. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

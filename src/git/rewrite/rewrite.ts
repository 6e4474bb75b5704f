import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Repository } from '../repository.ts';
import type { Overlaid } from '../trees/overlay-tree.ts';
import {
  readStates,
  readStatesAfter,
  removeFile,
  writeState,
  type FileState,
  type States,
} from './file-states.ts';
import { readRecord, removeRecord, writeRecord } from './record.ts';

/**
 * What each path gets; undefined takes it away. Bytes that are given as such are stored as they are,
 * all others the repository has already.
 */
export type Wanted = ReadonlyMap<RepoPath, Overlaid | undefined>;

/**
 * Writes files and stages them, all or none. What was there is recorded first: a run that was ended
 * half-way is put back by the next one (`putBack`). The files are checked out of the index, so that
 * line endings and filters are git's own. Nothing but these paths is touched: no commit, no ref.
 * @param judged what is still being found out about the result; it does not read these paths.
 * @throws GuardError `git-failed`, or what `judged` throws; then everything is as before.
 */
export async function rewrite(
  repository: Repository,
  wanted: Wanted,
  now: number,
  judged: Promise<unknown>,
): Promise<void> {
  const paths = [...wanted.keys()];
  judged.catch(() => undefined);
  const [before, first] = await Promise.all([
    readStates(repository, paths),
    beforeFirst(repository),
    store(repository, wanted),
  ]);
  const record = { head: repository.head ?? '', now, before: { ...before, ...first } };
  await writeRecord(repository, record);
  try {
    const staged = new Map(
      [...wanted].map(([path, what]) => [path, what === undefined ? [] : [stageOf(what)]]),
    );
    await stage(repository, [...staged]);
    await checkOut(repository, wanted);
    const after = await readStatesAfter(repository, Object.keys(record.before), staged);
    await judged;
    await writeRecord(repository, { ...record, after });
  } catch (error) {
    await putBack(repository);
    throw error;
  }
}

/**
 * Puts back what a rewrite that did not come to its end had changed.
 * @returns whether there was one.
 */
export async function putBack(repository: Repository): Promise<boolean> {
  const record = await readRecord(repository);
  if (record === undefined || record.after !== undefined) return false;
  await restore(repository, record.before);
  await removeRecord(repository);
  return true;
}

/**
 * Puts index and files back as they were before the last rewrite.
 * @returns the paths that it had changed.
 * @throws GuardError `usage` where there was none, or where one of its files has changed since.
 */
export async function undo(repository: Repository): Promise<readonly RepoPath[]> {
  const record = await readRecord(repository);
  if (record === undefined)
    throw new GuardError('usage', 'there is nothing to undo', {
      help: ['Only the last guard rebase or revert in this working tree can be undone.'],
    });
  if (record.head !== repository.head)
    throw new GuardError('usage', 'HEAD has moved since then', {
      help: [
        'git has its own way back: git reflog shows where HEAD was, git reset --hard <that> goes there.',
      ],
    });
  const paths = Object.keys(record.before);
  const { after } = record;
  if (after !== undefined) {
    const now = await readStates(repository, paths);
    const edited = paths.filter((path) => !isDeepStrictEqual(now[path], after[path]));
    if (edited.length > 0)
      throw new GuardError('usage', `changed since then: ${edited.join(', ')}`, {
        help: ['Nothing was undone: the changes would be lost.'],
      });
  }
  await restore(repository, record.before);
  await removeRecord(repository);
  return paths;
}

/**
 * The states before an earlier rewrite that is still there whole: undoing a second one goes back to
 * before the first.
 */
async function beforeFirst(repository: Repository): Promise<States> {
  const record = await readRecord(repository);
  if (record?.after === undefined || record.head !== repository.head) return {};
  const now = await readStates(repository, Object.keys(record.after));
  return isDeepStrictEqual(now, record.after) ? record.before : {};
}

/**
 * When the last rewrite was, in milliseconds since 1970, if HEAD is still where it was: the same
 * then comes out again, byte for byte.
 */
export async function lastRewrite(repository: Repository): Promise<number | undefined> {
  const record = await readRecord(repository);
  return record?.after === undefined || record.head !== repository.head ? undefined : record.now;
}

async function restore(repository: Repository, before: States): Promise<void> {
  const states = Object.entries(before);
  await stage(
    repository,
    states.map(([path, { stages }]) => [path, stages]),
  );
  const skipped = states.flatMap(([path, state]) => (state.skipped === true ? [path] : []));
  if (skipped.length > 0)
    await repository.git.run(['update-index', '--skip-worktree', '-z', '--stdin'], {
      input: `${skipped.join('\0')}\0`,
    });
  for (const [path, state] of states) await writeState(repository, path, state);
}

/** One process for all blobs. Git takes them from files; nothing is filtered. */
async function store({ git }: Repository, wanted: Wanted): Promise<void> {
  const blobs = [...wanted.values()].flatMap((what) =>
    what?.bytes instanceof Uint8Array ? [what.bytes] : [],
  );
  if (blobs.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'drizzle-guard-'));
  try {
    const files = blobs.map((_, at) => join(folder, String(at)));
    await Promise.all(files.map((file, at) => writeFile(file, blobs[at]!)));
    await git.run(['hash-object', '-w', '--no-filters', '--stdin-paths'], {
      input: `${files.join('\n')}\n`,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One write of the index, under git's own lock. A path without stages is taken out. */
async function stage(
  { git, emptyTree }: Repository,
  paths: readonly (readonly [RepoPath, FileState['stages']])[],
): Promise<void> {
  const nothing = '0'.repeat(emptyTree.length);
  const lines = paths.flatMap(([path, stages]) => [
    `0 ${nothing}\t${path}`,
    ...stages.map(({ mode, oid, stage: at }) => `${mode} ${oid} ${at}\t${path}`),
  ]);
  await git.run(['update-index', '-z', '--index-info'], { input: `${lines.join('\0')}\0` });
}

function stageOf({ entry: { mode, oid } }: Overlaid): FileState['stages'][number] {
  return { mode, oid, stage: 0 };
}

/** The files as the index has them now. */
async function checkOut({ git, topLevel }: Repository, wanted: Wanted): Promise<void> {
  const paths = [...wanted.keys()].filter((path) => wanted.get(path) !== undefined);
  if (paths.length > 0)
    await git.run(['checkout-index', '-f', '-u', '-z', '--stdin'], {
      input: `${paths.join('\0')}\0`,
    });
  for (const [path, what] of wanted) if (what === undefined) await removeFile(join(topLevel, path));
}

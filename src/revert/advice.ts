import { lastChange } from '../git/refs/last-change.ts';
import { subjectsOf } from '../git/refs/range.ts';
import type { Repository } from '../git/repository.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { readText } from '../git/trees/tree.ts';
import { isJournal, type Migration } from '../history/history.ts';
import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { NamedCommit, RevertStop } from './outcome.ts';
import { restoreCommand } from './restore-command.ts';
import type { Found, Target } from './target.ts';

interface Asked {
  readonly repository: Repository;
  readonly target: Target;
  /** The files that decide the schema; the commit changed none of them. */
  readonly untouched: readonly RepoPath[];
  readonly undone: readonly Migration[];
}

/** A stop with the commits that its way on names, as far as the history has them. */
export async function advised(stop: RevertStop, asked: Asked): Promise<RevertStop> {
  const { repository, target } = asked;
  if (stop.reason === 'nothing-left') {
    const { parent } = target;
    if (asked.untouched.length === 0 || parent === undefined) return stop;
    const schema = await lastChange(repository, parent, ...asked.untouched);
    return schema === undefined ? stop : { ...stop, schema: await named(repository, schema) };
  }
  // Without its snapshot nothing says what a migration did: it looks as if written by hand.
  const lost = asked.undone.find(({ snapshot }) => snapshot === undefined)?.snapshotPath;
  const path =
    stop.reason === 'history-broken'
      ? stop.entities[0]
      : stop.reason === 'custom-only'
        ? lost
        : undefined;
  if (path === undefined) return stop;
  const broke = await brokeIn(repository, path);
  if (broke === undefined) return stop;
  return {
    ...(path === lost
      ? { reason: 'history-broken', entities: [path], detail: 'is missing' }
      : stop),
    broke,
  };
}

async function named(repository: Repository, commit: string): Promise<NamedCommit> {
  return { commit, subject: (await subjectsOf(repository, [commit])).get(commit) ?? '' };
}

/** Whether the file before a commit is one, and JSON where it should be. */
async function wasRight(repository: Repository, commit: string, path: RepoPath): Promise<boolean> {
  const text = await readText(await commitTree(repository, `${commit}~1`), path).catch(
    () => undefined,
  );
  if (text === undefined || !path.endsWith('.json')) return text !== undefined;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where nothing is found because a journal cannot be read, which names no migration then.
 * @param again the command as it was given
 * @throws GuardError `usage`
 */
export async function assertReadable(
  repository: Repository,
  projects: readonly Found[],
  again: string,
): Promise<void> {
  for (const { history } of projects) {
    if (!isJournal(history) || history.journal.status !== 'invalid') continue;
    const { journalPath: path, journal } = history;
    const broke = await brokeIn(repository, path);
    throw new GuardError('usage', `${path} ${journal.problems[0]?.message ?? 'is invalid'}`, {
      help: [
        ...(broke === undefined
          ? ['See what is wrong: npx drizzle-guard check --all']
          : [`Restore it, and commit that: ${restoreCommand(broke, path)}`]),
        `Then: ${again}`,
      ],
    });
  }
}

/** The commit before which a file was right. */
async function brokeIn(repository: Repository, path: RepoPath): Promise<NamedCommit | undefined> {
  const broke = await lastChange(repository, repository.head ?? 'HEAD', path);
  return broke !== undefined && (await wasRight(repository, broke, path))
    ? named(repository, broke)
    : undefined;
}

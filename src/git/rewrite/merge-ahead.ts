import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { once } from '../../model/once.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { withVariables, type Repository } from '../repository.ts';
import { stagesOf, type Stages } from '../worktree/joining.ts';
import { gitTree } from '../trees/git-tree.ts';
import type { Joined } from '../trees/joined-tree.ts';
import { parseLsTree } from '../trees/listing.ts';

/** A merge that was not begun. */
export interface Ahead {
  /** Finds what the merge makes. */
  readonly repository: Repository;
  /** Files in conflict have their markers. */
  readonly joined: Joined;
  readonly unmerged: ReadonlyMap<RepoPath, Stages>;
}

/** The two commits that are merged: full oids. */
type Pair = readonly [ours: string, theirs: string];

/** git's exit code for an option that it does not know. */
const USAGE = 129;

/**
 * What git would make of a merge, with nothing written to the repository: what is new goes to a
 * folder of its own, which is removed afterwards (git: GIT_OBJECT_DIRECTORY).
 * @param pair or what makes them: in the repository that it is given, with a folder for its files
 * @throws GuardError `usage` for git before 2.38, whose merge-tree has no `--write-tree`
 */
export async function withMergeAhead<T>(
  asked: Repository,
  pair: Pair | ((repository: Repository, folder: string) => Promise<Pair>),
  use: (ahead: Ahead) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'drizzle-guard-'));
  try {
    const { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: others } = asked.git.env;
    // In quotes, as git reads them, a name may have a colon.
    const alternates = [
      JSON.stringify(own ?? join(asked.commonDir, 'objects')),
      others ?? [],
    ].flat();
    const repository = withVariables(asked, {
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.join(delimiter),
    });
    const [ours, theirs] = typeof pair === 'function' ? await pair(repository, folder) : pair;
    const { stdout, exitCode } = await repository.git.run(
      ['merge-tree', '--write-tree', '-z', '--no-messages', ours, theirs],
      { ok: [0, 1, USAGE] },
    );
    if (exitCode === USAGE)
      throw new GuardError('usage', 'this git cannot say what a merge will be like', {
        help: ['Install git 2.38 or newer, or begin the merge: guard rebase works in it.'],
      });
    const [tree = '', ...conflicts] = stdout.toString('utf8').split('\0');
    const unmerged = stagesOf(conflicts);
    const listed = once(async () => {
      const listing = await repository.git.run(['ls-tree', '-r', '-z', '--full-tree', tree]);
      return parseLsTree(listing.stdout);
    });
    return await use({
      repository,
      unmerged,
      joined: {
        merged: gitTree(repository, 'the merge', listed),
        stage: (stage) =>
          gitTree(repository, `stage ${stage} of the merge`, async () => {
            const entries = new Map(await listed());
            for (const [path, stages] of unmerged) {
              const entry = stages[stage];
              if (entry === undefined) entries.delete(path);
              else entries.set(path, entry);
            }
            return entries;
          }),
        unstaged: new Set(),
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

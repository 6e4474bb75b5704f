import { isAbsolute } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';
import { createGit, type GitOptions } from '../git.ts';
import { parseRawDiff, type ChangedPath } from '../trees/listing.ts';
import { SUBMODULE } from '../trees/tree.ts';

/** `stagedChanges` against HEAD, by name. */
export async function stagedPaths(options: GitOptions): Promise<readonly RepoPath[] | undefined> {
  return (await stagedChanges(options, 'HEAD'))?.map(({ path }) => path);
}

/**
 * The cheapest answer to "what does this commit change": one git process, no listing, no content.
 * @param against `HEAD`, or another commit to compare with: a full oid.
 * @returns undefined where the answer is not that simple (no commit yet, an unfinished merge, a
 * submodule that moves to another commit, no repository): the caller then opens the repository,
 * which sees more or reports the error.
 */
export async function stagedChanges(
  options: GitOptions,
  against: string,
): Promise<readonly ChangedPath[] | undefined> {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE } = options.env;
  // git would take the current folder for the top and look for the index there.
  if (
    GIT_DIR !== undefined &&
    GIT_WORK_TREE === undefined &&
    GIT_INDEX_FILE !== undefined &&
    !isAbsolute(GIT_INDEX_FILE)
  )
    return undefined;
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-relative',
    '--ignore-submodules=none',
    '--ita-invisible-in-index',
    against,
    '--',
  ];
  const { stdout, exitCode } = await createGit(options).run(args, { ok: [0, 128, 129] });
  if (exitCode !== 0) return undefined;
  const { changed, unmerged } = parseRawDiff(stdout);
  const moves = changed.some(
    ({ before, after }) => before?.mode === SUBMODULE || after?.mode === SUBMODULE,
  );
  return moves || unmerged.length > 0 ? undefined : changed;
}

/** The full oid of HEAD; undefined before the first commit. */
export async function currentCommit(options: GitOptions): Promise<string | undefined> {
  const { stdout, exitCode } = await createGit(options).run(['rev-parse', '--verify', 'HEAD'], {
    ok: [0, 128],
  });
  return exitCode === 0 ? stdout.toString('utf8').trimEnd() : undefined;
}

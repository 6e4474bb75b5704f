import { isAbsolute } from 'node:path';
import { createGit, type GitOptions } from '../git.ts';
import { SUBMODULE } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * The cheapest answer to "which paths does this commit change": one git process, no listing, no
 * content.
 * @param against another commit to compare with than HEAD: a full oid.
 * @returns undefined where the answer is not that simple (no commit yet, an unfinished merge, a
 * submodule that moves to another commit, no repository): the caller then opens the repository,
 * which sees more or reports the error.
 */
export async function stagedPaths(
  options: GitOptions,
  against = 'HEAD',
): Promise<readonly RepoPath[] | undefined> {
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
  // `:<mode> <mode> <oid> <oid> <status>`, then the path.
  const fields = stdout.toString('utf8').split('\0');
  const moves = fields.some((field, at) => at % 2 === 0 && field.slice(1, 14).includes(SUBMODULE));
  return moves ? undefined : fields.filter((_, at) => at % 2 === 1);
}

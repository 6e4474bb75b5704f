import { treeAt } from './folders.ts';
import { gitTree } from './git-tree.ts';
import { literally, parseLsTree } from './listing.ts';
import type { Repository } from '../repository.ts';
import type { Tree } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * One folder of a commit, with paths from the top, without listing the whole tree of ten thousand
 * files.
 */
export function folderTree(repository: Repository, commit: string, folder: RepoPath): Tree {
  return gitTree(repository, `commit ${commit.slice(0, 8)}`, async () => {
    const under = folder === '' ? [] : ['--', literally(folder)];
    return parseLsTree(
      (await repository.git.run(['ls-tree', '-r', '-z', '--full-tree', commit, ...under])).stdout,
    );
  });
}

/**
 * Looks one folder up in many commits.
 * @param commits full oids. @returns the oid of the folder's tree in each commit, in their order;
 * undefined where there is none. A folder whose name has a line break is never found: the request
 * is a line.
 */
export async function folderIn(
  repository: Repository,
  commits: readonly string[],
  folder: RepoPath,
): Promise<readonly (string | undefined)[]> {
  if (/[\r\n]/.test(folder)) return commits.map(() => undefined);
  return Promise.all(commits.map((commit) => treeAt(repository, commit, folder)));
}

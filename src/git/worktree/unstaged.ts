import type { IndexChange } from '../trees/index-tree.ts';
import type { Repository } from '../repository.ts';
import { readStatus, readWholeStatus, type WorkingPath } from './status.ts';
import { sameEntry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { UnstagedFile } from './unstaged-file.ts';
import { entriesOf, readWorkingFile } from './working-file.ts';

/**
 * What the working tree has and the tree to be recorded does not. Under `git commit <path>`, that
 * is git's temporary index, so that what is staged but not named counts as unstaged too.
 * @param under folders or files; '' is everything, but then ignored folders (node_modules) are not
 * entered: name the folders whose ignored files matter beside it.
 * @param _index not used: it reminds callers that the result is relative to it.
 */
export async function unstagedFiles(
  repository: Repository,
  _index: IndexChange,
  under: readonly RepoPath[],
): Promise<readonly UnstagedFile[]> {
  const named = under.filter((path) => path !== '');
  if (under.includes('')) return unstagedFrom(repository, await readWholeStatus(repository, named));
  return unstagedFrom(
    repository,
    named.length === 0 ? [] : await readStatus(repository, named, 'each'),
  );
}

/**
 * @returns the files with their entries, without those that have disappeared or differ in line
 * endings only.
 */
export async function unstagedFrom(
  repository: Repository,
  files: readonly WorkingPath[],
): Promise<readonly UnstagedFile[]> {
  const entries = await entriesOf(
    repository,
    files.filter(({ state }) => state !== 'deleted'),
  );
  return files.flatMap(({ path, state, indexed }): readonly UnstagedFile[] => {
    if (state === 'deleted') return [{ path, state, read: async () => new Uint8Array() }];
    const entry = entries.get(path);
    return entry === undefined || sameEntry(entry, indexed)
      ? []
      : [{ path, state, entry, read: () => readWorkingFile(repository, path, entry) }];
  });
}

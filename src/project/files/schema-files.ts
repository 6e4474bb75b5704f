import { type RepoPath, belowTop, inside, isAbsolute, under } from '../../model/repo-path.ts';
import { inNodeModules } from '../config/config-names.ts';
import type { Folders } from './folders.ts';
import { globTree } from './glob.ts';

/**
 * The files that `schema` means in a tree, in the order in which drizzle-kit 0.31 loads them, which
 * decides the order of the tables: `prepareFilenames` in drizzle-kit/src/serializer/index.ts. Each
 * pattern in turn; a matched folder means its direct files in `readdir`'s order, dotfiles included;
 * a file is taken once.
 *
 * No extension is left out, because drizzle-kit leaves none out: it `require`s whatever it finds
 * (measured on 0.31.11: a `.sql` or `.md` file in a schema folder makes `generate` throw, `.json`,
 * `.tsx`, `.d.ts` and an empty `.gitkeep` do no harm). Files that git does not have are not in the
 * tree and never match, but for the name of a file in `node_modules`. Symlinks are followed, as by
 * node: the answer has the files that they lead to.
 * @param base the folder that drizzle-kit is run from
 * @param top the absolute top of the repository: absolute patterns below it are repository paths
 */
export async function schemaFilesOf(
  patterns: readonly string[],
  base: RepoPath,
  folders: Folders,
  top: string,
): Promise<RepoPath[]> {
  const files = new Set<RepoPath>();
  for (const pattern of patterns) {
    const absolute = isAbsolute(pattern);
    const relative = absolute ? belowTop(pattern, top) : pattern;
    if (relative === undefined || relative === '') continue;
    const from = absolute ? '' : base;
    for (const match of await plainOrGlob(relative, from, folders)) {
      const path = under(from, match);
      if (path === undefined) continue;
      for (const file of filesAt(path, folders)) files.add(file);
    }
  }
  return [...files];
}

/** Nearly every real `schema` is the name of a file: that needs no folders of the tree. */
async function plainOrGlob(pattern: string, from: RepoPath, folders: Folders): Promise<string[]> {
  if (!/[*?[\]{}()\\!@+]/.test(pattern) && !pattern.endsWith('/')) {
    const path = under(from, pattern);
    if (path !== undefined && path !== '' && folders.isFile(path)) return [pattern];
  }
  const found = await globTree(pattern, from, folders);
  // What is installed is not in the tree, and is taken off the disk when it is loaded.
  const isInstalled = found.length === 0 && inNodeModules(pattern) && !/[*?[\]{}()]/.test(pattern);
  return isInstalled ? [pattern] : found;
}

/**
 * A symlink to a folder is no folder here (`lstatSync`): drizzle-kit requires it, so that node loads
 * its index.
 */
function filesAt(path: RepoPath, folders: Folders): RepoPath[] {
  const isFolder = (one: RepoPath): boolean => folders.isFolder(one) && !folders.isLink(one);
  const files = isFolder(path)
    ? (folders.names(path) ?? []).map((name) => inside(path, name)).filter((one) => !isFolder(one))
    : [path];
  // Node loads a module under its real path.
  return files.map((file) => (folders.isFile(file) ? (folders.real(file) ?? file) : file));
}

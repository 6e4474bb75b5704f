import { isLink, linkProblem, NO_LINKS, type Links } from '../../git/trees/links.ts';
import { missingAbove, missingIn } from '../../git/trees/submodules.ts';
import { SUBMODULE, type Entry } from '../../git/trees/tree.ts';
import { type RepoPath, folderOf, inside } from '../../model/repo-path.ts';
import { inNodeModules } from '../config/config-names.ts';

/**
 * The folders of a tree's paths: what `readdir` and `stat` would return in a checkout of exactly
 * this tree, symlinks followed.
 */
export interface Folders {
  isFile(path: RepoPath): boolean;
  isFolder(path: RepoPath): boolean;
  /** Whether the path is a symlink, whatever it leads to: `lstat`. */
  isLink(path: RepoPath): boolean;
  /**
   * Names of files and folders directly in a folder; undefined when there is no such folder. In the
   * order of Node's `readdirSync` on POSIX: by bytes (libuv's `uv__fs_scandir_sort` is `strcmp`).
   */
  names(path: RepoPath): readonly string[] | undefined;
  /** The path with symlinks followed; undefined where one leaves the repository. */
  real(path: RepoPath): RepoPath | undefined;
  /** Why there is nothing where a path leads, if a symlink on the way is the reason. */
  linkProblem(path: RepoPath): string | undefined;
  /**
   * The submodule that a path is or leads into, where this clone does not have the commit of it that
   * is recorded: as in a checkout, an empty folder.
   */
  missing(path: RepoPath): RepoPath | undefined;
  /** The symlinks that were passed so far, and where they led. */
  linked(): readonly RepoPath[];
}

export type Installed = (
  path: RepoPath,
) => { readonly names: readonly string[] | undefined; readonly isLink: boolean } | undefined;

/** A package in a node_modules folder, the innermost, and what follows it. */
const IN_PACKAGE = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/;

/**
 * Made in one pass over the paths, at the first use. A submodule is a folder.
 * @param workspaceOf the folder of the tree's package of a name: package managers link it into
 * node_modules, which git ignores
 * @param installed what the disk has below a node_modules folder that the tree does not have
 */
export function foldersOf(
  entries: ReadonlyMap<RepoPath, Entry>,
  links: Links = NO_LINKS,
  workspaceOf: (name: string) => RepoPath | undefined = () => undefined,
  installed: Installed = () => undefined,
): Folders {
  const onDisk = (path: RepoPath): ReturnType<Installed> =>
    inNodeModules(`${path}/`) && !entries.has(path) ? installed(path) : undefined;
  let folders: Map<RepoPath, Set<string>> | undefined;
  const sorted = new Map<RepoPath, readonly string[]>();
  const linked = new Set<RepoPath>();
  let missing: readonly RepoPath[] | undefined;
  const made = (): Map<RepoPath, Set<string>> => (folders ??= collect(entries));
  const follow = (path: RepoPath): RepoPath | undefined => {
    const [, name = '', rest = ''] = IN_PACKAGE.exec(path) ?? [];
    const workspace = name === '' ? undefined : workspaceOf(name);
    if (workspace !== undefined) return follow(inside(workspace, rest));
    const { path: real, passed } = links.follow(path);
    if (passed.length > 0) for (const one of [...passed, real ?? []].flat()) linked.add(one);
    return real;
  };
  const folderAt = (path: RepoPath): RepoPath | undefined => {
    const real = follow(path);
    // What is a file is no folder: to know that, no folder has to be listed.
    if (real === undefined || isFileEntry(entries.get(real))) return undefined;
    return made().has(real) ? real : undefined;
  };
  return {
    isFile(path) {
      const real = follow(path);
      if (real !== undefined && isFileEntry(entries.get(real))) return true;
      const found = folderAt(path) === undefined ? onDisk(path) : undefined;
      return found !== undefined && found.names === undefined;
    },
    isFolder: (path) => folderAt(path) !== undefined || onDisk(path)?.names !== undefined,
    isLink: (path) =>
      isLink(entries, links, path) ||
      (folderAt(path) === undefined && onDisk(path)?.isLink === true),
    names(path) {
      const folder = folderAt(path);
      if (folder === undefined) return onDisk(path)?.names;
      let list = sorted.get(folder);
      if (list === undefined) sorted.set(folder, (list = [...(made().get(folder) ?? [])].sort()));
      return list;
    },
    real: follow,
    linkProblem: (path) => linkProblem(entries, links, path),
    missing: (path) =>
      (missing ??= missingIn(entries)).length === 0
        ? undefined
        : missingAbove(entries, links.follow(path).path ?? path),
    linked: () => [...linked],
  };
}

function isFileEntry(entry: Entry | undefined): boolean {
  return entry?.mode.startsWith('100') === true;
}

function collect(entries: ReadonlyMap<RepoPath, Entry>): Map<RepoPath, Set<string>> {
  const folders = new Map<RepoPath, Set<string>>([['', new Set()]]);
  for (const [path, entry] of entries) {
    if (entry.mode === SUBMODULE && !folders.has(path)) folders.set(path, new Set());
    for (let child = path; child !== '';) {
      const folder = folderOf(child);
      const name = folder === '' ? child : child.slice(folder.length + 1);
      const names = folders.get(folder);
      if (names !== undefined) {
        names.add(name);
        break;
      }
      folders.set(folder, new Set([name]));
      child = folder;
    }
  }
  return folders;
}

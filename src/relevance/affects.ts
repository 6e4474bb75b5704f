import { type RepoPath, folderOf, upwards } from '../model/repo-path.ts';
import { CONCERNS_ALL, couldMatter } from './by-name.ts';
import type { Closure } from './closure.ts';
import { isWatched } from './watched-paths.ts';

/**
 * Whether any of the changed paths could affect a Drizzle project: by its name, or because an
 * earlier evaluation read it or listed its folder, or because the schema patterns lead there: a
 * file of any name stops drizzle-kit in a schema folder, and a schema may read any with `fs`.
 * @param closures asked for only if no name could matter; undefined: nothing is known.
 */
export function mayAffect(
  changed: readonly RepoPath[],
  closures: () => readonly (Pick<Closure, 'paths' | 'watched'> | undefined)[],
): boolean {
  if (changed.length === 0 || changed.some(couldMatter)) return changed.length > 0;
  return closures().some((closure) => {
    const known = knownIn(closure?.paths);
    return changed.some(
      (path) =>
        known.paths.has(`${folderOf(path)}/`) ||
        touchesOwnFiles({ watched: closure?.watched ?? [] }, path, known),
    );
  });
}

/**
 * Whether any of the changed paths is part of a closure, would become part of it, or concerns every
 * project.
 */
export function affects(closure: Closure, changed: Iterable<RepoPath>): boolean {
  const known = knownIn(closure.paths);
  const below = closure.unknownBelow;
  return [...changed].some(
    (path) =>
      touchesOwnFiles(closure, path, known) ||
      // A file may also appear in a folder whose name was looked for and not found.
      upwards(folderOf(path)).some((folder) => known.paths.has(folder)) ||
      CONCERNS_ALL.test(path) ||
      (below !== undefined && (below === '' || path.startsWith(`${below}/`)) && couldMatter(path)),
  );
}

/**
 * Whether any of the changed paths is named in a closure or watched by it, with no regard to what
 * else an evaluation may read.
 */
export function containsAny(closure: Closure, changed: Iterable<RepoPath>): boolean {
  const known = knownIn(closure.paths);
  return [...changed].some((path) => touchesOwnFiles(closure, path, known));
}

interface Known {
  readonly paths: ReadonlySet<RepoPath>;
  /** The folders that they are in: a submodule that moves, or a symlink, is one of these. */
  readonly folders: ReadonlySet<RepoPath>;
}

function knownIn(paths: readonly RepoPath[] = []): Known {
  const folders = new Set<RepoPath>();
  for (const path of paths)
    for (let at = folderOf(path); at !== '' && !folders.has(at); at = folderOf(at)) folders.add(at);
  return { paths: new Set(paths), folders };
}

function touchesOwnFiles(
  { watched }: Pick<Closure, 'watched'>,
  path: RepoPath,
  { paths, folders }: Known,
): boolean {
  return (
    paths.has(path) ||
    folders.has(path) ||
    watched.some((one) => isWatched(path, one) || one.folder.startsWith(`${path}/`))
  );
}

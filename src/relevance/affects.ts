import type { ChangedPath } from '../git/trees/listing.ts';
import { folderOf, upwards, type RepoPath } from '../model/repo-path.ts';
import { CONCERNS_ALL, couldMatter } from './by-name.ts';
import type { Closure, CommitClosure } from './closure.ts';
import { isWatched } from './watched-paths.ts';

/**
 * What names and an earlier evaluation say of a change, before anything is evaluated. `unknown`: no
 * name matters, but a schema may read any file with `fs`, and no evaluation says which.
 */
export type Relevance = 'none' | 'possible' | 'unknown';

/**
 * Whether any of the changed paths could affect a Drizzle project: by its name, or because an
 * evaluation read it, listed its folder or looked for it.
 * @param closure what an evaluation of the state before read; undefined: nothing is known.
 */
export function relevanceOf(changed: readonly RepoPath[], closure: Closure | undefined): Relevance {
  if (changed.length === 0) return 'none';
  if (changed.some(couldMatter)) return 'possible';
  if (closure === undefined) return 'unknown';
  return affects(closure, changed) ? 'possible' : 'none';
}

/**
 * Whether any of the changed paths is part of a closure, would become part of it, or concerns every
 * project.
 */
export function affects(closure: Closure, changed: Iterable<RepoPath>): boolean {
  return [...changed].some(affectedBy(closure));
}

/** Whether one changed path affects a closure, as a function to ask about many. */
export function affectedBy(closure: Closure): (path: RepoPath) => boolean {
  const known = knownIn(closure.paths);
  const below = closure.unknownBelow;
  return (path) =>
    touchesOwnFiles(closure, path, known) ||
    // A file may also appear in a folder whose name was looked for and not found.
    upwards(folderOf(path)).some((folder) => known.paths.has(folder)) ||
    CONCERNS_ALL.test(path) ||
    (below !== undefined && (below === '' || path.startsWith(`${below}/`)) && couldMatter(path));
}

/**
 * How a tree differs from the one that a closure is of.
 * @param changes how it differs from the closure's commit
 */
export function changedSince(
  { staged = {} }: Pick<CommitClosure, 'staged'>,
  changes: readonly ChangedPath[],
): readonly RepoPath[] {
  const now = new Map(changes.map((one) => [one.path, entryName(one)]));
  return [
    ...[...now].flatMap(([path, name]) => (staged[path] === name ? [] : [path])),
    ...Object.keys(staged).filter((path) => !now.has(path)),
  ];
}

/** What a path has become, as one word. */
export function entryName({ after }: ChangedPath): string {
  return after === undefined ? 'gone' : `${after.mode} ${after.oid}`;
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

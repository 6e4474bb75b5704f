import type { Entry } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Trace } from '../bundle/read-log.ts';
import { digest } from './digest.ts';

/** How what a trace names stands in one tree, as a name: equal names, equal answers of the tree. */
export function treeState(
  entries: ReadonlyMap<RepoPath, Entry>,
  { tree, packages }: Pick<Trace, 'tree' | 'packages'>,
): string {
  return digest([
    tree.map((path) => stateOf(entries, path)),
    packages ? packageFiles(entries) : [],
  ]);
}

/** How each path stands, in words. */
export function pathStates(
  entries: ReadonlyMap<RepoPath, Entry>,
  paths: readonly RepoPath[],
): readonly (readonly [RepoPath, string])[] {
  return paths.map((path) => [path, stateOf(entries, path)] as const);
}

/**
 * A file by mode and oid; a path behind a link or a submodule by these; a folder as one, and with a slash at its end by
 * what it holds; '' is not there at all.
 */
function stateOf(entries: ReadonlyMap<RepoPath, Entry>, path: RepoPath): string {
  if (path.endsWith('/')) return `holds ${digest(namesIn(entries, path === '/' ? '' : path))}`;
  const entry = entries.get(path);
  if (entry !== undefined) return `${entry.mode} ${entry.oid}`;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const above = entries.get(path.slice(0, slash));
    if (above !== undefined) return `behind ${path.slice(0, slash)} ${above.mode} ${above.oid}`;
  }
  return path === '' || foldersOf(entries).has(path) ? 'folder' : '';
}

/** Names, each once, with the mode of what is no folder. */
function namesIn(entries: ReadonlyMap<RepoPath, Entry>, prefix: string): readonly string[] {
  const names = new Set<string>();
  for (const [path, { mode }] of entries) {
    if (!path.startsWith(prefix)) continue;
    const slash = path.indexOf('/', prefix.length);
    names.add(
      slash < 0 ? `${mode} ${path.slice(prefix.length)}` : path.slice(prefix.length, slash),
    );
  }
  return [...names].sort();
}

const folders = new WeakMap<ReadonlyMap<RepoPath, Entry>, ReadonlySet<RepoPath>>();

function foldersOf(entries: ReadonlyMap<RepoPath, Entry>): ReadonlySet<RepoPath> {
  let found = folders.get(entries);
  if (found === undefined) folders.set(entries, (found = listFolders(entries)));
  return found;
}

function listFolders(entries: ReadonlyMap<RepoPath, Entry>): ReadonlySet<RepoPath> {
  const found = new Set<RepoPath>();
  let last = '/';
  for (const path of entries.keys()) {
    // Git lists a folder's files one after the other.
    if (path.startsWith(last) && path.indexOf('/', last.length) === -1) continue;
    let slash = path.lastIndexOf('/');
    last = path.slice(0, slash + 1) || '/';
    for (; slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}

function packageFiles(entries: ReadonlyMap<RepoPath, Entry>): readonly string[] {
  return [...entries]
    .filter(([path]) => path === 'package.json' || path.endsWith('/package.json'))
    .map(([path, { mode, oid }]) => `${path} ${mode} ${oid}`)
    .sort();
}

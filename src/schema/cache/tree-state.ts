import type { Entry } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Trace } from '../modules/read-log.ts';
import { digest } from './digest.ts';

/** A name for the state of everything that a trace names in one tree: equal names, equal state. */
export function treeState(
  entries: ReadonlyMap<RepoPath, Entry>,
  { tree, packages }: Pick<Trace, 'tree' | 'packages'>,
): string {
  return digest([
    tree.map((path) => stateOf(entries, path)),
    packages ? packageFiles(entries) : [],
  ]);
}

/**
 * A file: its mode and oid. A path behind a link or a submodule: those of the link. A folder: that
 * it is one; with a slash at its end: the names in it. Missing: ''.
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

/** The names in a folder, each once; with the mode if it is not a folder. */
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
    // git lists the files of a folder consecutively.
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
  const found: string[] = [];
  for (const [path, { mode, oid }] of entries)
    if (path === 'package.json' || path.endsWith('/package.json'))
      found.push(`${path} ${mode} ${oid}`);
  return found.sort();
}

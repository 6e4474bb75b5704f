import { type RepoPath, folderOf, inside } from '../../model/repo-path.ts';
import type { Entry, Tree } from './tree.ts';

const LINK = '120000';
/** Linux follows 40 links on the way to one file (`MAXSYMLINKS`), then says ELOOP. */
const MOST_LINKS = 40;

/** Where a path leads. */
interface Followed {
  /**
   * With every symlink on the way followed, there or not; undefined where one of them leads
   * nowhere in the repository.
   */
  readonly path?: RepoPath;
  /** The symlinks on the way, in order. */
  readonly passed: readonly RepoPath[];
  /** Why there is no path: `db is a symbolic link that leaves the repository (../db)`. */
  readonly problem?: string;
}

/** The symlinks that a tree records. */
export interface Links {
  /** Their paths. */
  readonly paths: readonly RepoPath[];
  follow(path: RepoPath): Followed;
}

/** A tree without symlinks. */
export const NO_LINKS: Links = { paths: [], follow: (path) => ({ path, passed: [] }) };

const known = new WeakMap<Tree, Promise<Links>>();

/**
 * The symlinks of a tree; their targets are read in one go, once.
 * @throws GuardError `object-missing` from the tree.
 */
export function linksOf(tree: Tree): Promise<Links> {
  let links = known.get(tree);
  if (links === undefined) known.set(tree, (links = readLinks(tree)));
  return links;
}

async function readLinks(tree: Tree): Promise<Links> {
  const entries = await tree.entries();
  const paths: RepoPath[] = [];
  for (const [path, { mode }] of entries) if (mode === LINK) paths.push(path);
  if (paths.length === 0) return NO_LINKS;
  const bytes = await tree.read(paths);
  const targets = new Map(
    [...bytes].map(([path, target]) => [path, Buffer.from(target).toString('utf8')]),
  );
  const leaves = (link: RepoPath): string =>
    `${link} is a symbolic link that leaves the repository (${targets.get(link)})`;
  const follow = (path: RepoPath): Followed => {
    const passed: RepoPath[] = [];
    const done: string[] = [];
    for (const todo = path.split('/'); todo.length > 0;) {
      const name = todo.shift() ?? '';
      if (name === '' || name === '.') continue;
      const last = passed.at(-1) ?? '';
      if (name === '..' && done.length === 0) return { passed, problem: leaves(last) };
      if (name === '..') done.pop();
      else done.push(name);
      const at = done.join('/');
      const target = targets.get(at);
      if (target === undefined || name === '..') continue;
      passed.push(at);
      if (target.startsWith('/')) return { passed, problem: leaves(at) };
      if (passed.length > MOST_LINKS)
        return { passed, problem: `${at} is a symbolic link that leads back to itself` };
      done.pop();
      todo.unshift(...target.split('/'));
    }
    return { path: done.join('/'), passed };
  };
  return { paths, follow };
}

/**
 * Why there is no file where a path leads, if symlinks are the reason: one leaves the repository,
 * leads back to itself, or leads to what the tree does not have.
 */
export function linkProblem(
  entries: ReadonlyMap<RepoPath, Entry>,
  links: Links,
  path: RepoPath,
): string | undefined {
  const { path: real, passed, problem } = links.follow(path);
  const last = passed.at(-1);
  if (problem !== undefined || last === undefined || real === undefined) return problem;
  const below = `${real}/`;
  const isThere = entries.has(real) || [...entries.keys()].some((one) => one.startsWith(below));
  return isThere
    ? undefined
    : `${last} is a symbolic link that leads to ${real}, which is not in git`;
}

/** Whether a path is a symlink itself, not only behind one. */
export function isLink(
  entries: ReadonlyMap<RepoPath, Entry>,
  links: Links,
  path: RepoPath,
): boolean {
  if (links.paths.length === 0) return false;
  const folder = path === '' ? undefined : links.follow(folderOf(path)).path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return folder !== undefined && entries.get(inside(folder, name))?.mode === LINK;
}

/** The files at some paths, each read where the symlinks on its way lead. */
export async function readFollowed(
  tree: Tree,
  paths: Iterable<RepoPath>,
): Promise<ReadonlyMap<RepoPath, Uint8Array>> {
  const links = await linksOf(tree);
  const real = [...paths].flatMap((path) => {
    const to = links.follow(path).path;
    return to === undefined ? [] : [[path, to] as const];
  });
  const bytes = await tree.read(new Set(real.map(([, to]) => to)));
  return new Map(
    real.flatMap(([path, to]) => {
      const content = bytes.get(to);
      return content === undefined ? [] : [[path, content] as const];
    }),
  );
}

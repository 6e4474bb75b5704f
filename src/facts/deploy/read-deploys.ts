import type { Tree } from '../../git/trees/tree.ts';
import { DEPLOYS } from '../../model/deploys.ts';
import { folderOf, upwards, type RepoPath } from '../../model/repo-path.ts';
import { pushLines, pushScripts, textsIn, type DeployCommand } from './deploy-files.ts';

/**
 * Where a change makes a deploy run `drizzle-kit push`: the lines of changed files that no tree
 * before has.
 * @param base the folder that drizzle-kit is run from, whose scripts count
 */
export async function readDeploys(
  tree: Tree,
  before: readonly Tree[],
  changed: ReadonlySet<RepoPath>,
  base: RepoPath,
): Promise<readonly DeployCommand[]> {
  const paths = [...changed].filter((path) => DEPLOYS.test(path));
  if (paths.length === 0) return [];
  const packages = upwards(base).map((folder) =>
    folder === '' ? 'package.json' : `${folder}/package.json`,
  );
  const entries = await tree.entries();
  const there = new Set([...paths, ...packages, ...paths.map(packageBeside)]);
  const texts = await textsOf(
    tree,
    [...there].filter((path) => entries.has(path)),
  );
  const scripts = [...texts].flatMap(([path, text]) =>
    /(?:^|\/)package\.json$/.test(path) ? pushScripts(text) : [],
  );
  const found = paths.flatMap((path) => pushLines(path, texts.get(path) ?? '', scripts));
  if (found.length === 0) return [];
  const old = await Promise.all(
    before.map(async (then) => {
      const has = await then.entries();
      return textsOf(
        then,
        paths.filter((path) => has.has(path)),
      );
    }),
  );
  return found.filter(
    ({ path, text }) => !old.some((then) => textsIn(path, then.get(path) ?? '').has(text)),
  );
}

function packageBeside(path: RepoPath): RepoPath {
  const folder = folderOf(path);
  return folder === '' ? 'package.json' : `${folder}/package.json`;
}

async function textsOf(
  tree: Tree,
  paths: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, string>> {
  const decoder = new TextDecoder();
  return new Map(
    [...(await tree.read(paths))].map(([path, bytes]) => [path, decoder.decode(bytes)]),
  );
}

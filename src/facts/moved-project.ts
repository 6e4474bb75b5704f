import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Discovered } from '../project/discover.ts';
import type { Project } from '../project/project.ts';

export interface Moved {
  readonly project: Project;
  readonly after: Tree;
  readonly foundAfter: Discovered;
  readonly before: Tree;
  readonly foundBefore: Discovered;
}

/**
 * What a project was before its config and its migrations folder both got other paths: one of the
 * tree before that is gone, and has left a file of its migrations, byte for byte and under its
 * name, in the new folder. Its history is the same, with the same findings, and what was published
 * still is.
 */
export async function movedFrom({
  project,
  after,
  foundAfter,
  before,
  foundBefore,
}: Moved): Promise<Project | undefined> {
  const configs = new Set([
    ...foundAfter.projects.flatMap(({ config, alsoConfigs }) => [config, ...alsoConfigs]),
    ...foundAfter.unreadable.map(({ config }) => config),
  ]);
  const outs = new Set(foundAfter.projects.map(({ out }) => out));
  const gone = foundBefore.projects.filter(
    ({ config, out }) => !configs.has(config) && !outs.has(out),
  );
  if (gone.length === 0) return undefined;
  const [now, then] = await Promise.all([after.entries(), before.entries()]);
  const folder = within(project.out);
  const files = [...now].filter(([path]) => path.startsWith(folder));
  return gone.find(({ out }) =>
    files.some(
      ([path, { oid }]) => then.get(`${within(out)}${path.slice(folder.length)}`)?.oid === oid,
    ),
  );
}

function within(folder: RepoPath): string {
  return folder === '' ? '' : `${folder}/`;
}

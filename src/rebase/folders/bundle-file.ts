import { overlayTree, type Overlaid } from '../../git/trees/overlay-tree.ts';
import type { Tree } from '../../git/trees/tree.ts';
import { isFolders } from '../../history/history.ts';
import { inOut } from '../../history/layout.ts';
import type { MigrationsJs } from '../../history/migrations-js.ts';
import { readHistory } from '../../history/read.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import { folderMigrationsJs } from '../bundle.ts';

/**
 * The `migrations.js` of expo or durable-sqlite once a rebase is done. Git makes a conflict of it
 * wherever both sides made migrations, also where these need nothing else.
 * @param merged the files as they are, and @param wanted what the rebase makes of them
 * @returns its path and new bytes; nothing where there is none, or it has every migration already
 */
export async function bundleFile(
  { out, driver }: Pick<Project, 'out' | 'driver'>,
  merged: Tree,
  wanted: ReadonlyMap<RepoPath, Overlaid | undefined>,
  unmerged: ReadonlySet<RepoPath>,
): Promise<readonly [RepoPath, Uint8Array] | undefined> {
  const path = inOut(out, 'migrations.js');
  const after = overlayTree(merged, 'the result', wanted);
  if (!(await after.entries()).has(path)) return undefined;
  const history = await readHistory(after, out, { layout: 'folders' });
  const { bundle, migrations } = history;
  if (!isFolders(history) || bundle === undefined) return undefined;
  const names = migrations.flatMap(({ name, sql }) => (sql === undefined ? [] : [name]));
  const isOurs = bundle.hasJournal || bundle.imports.size > 0;
  if (!unmerged.has(path) && (!isOurs || hasAll(bundle, names))) return undefined;
  return [path, new TextEncoder().encode(folderMigrationsJs(names, driver))];
}

function hasAll({ hasJournal, imports, listed }: MigrationsJs, names: readonly string[]): boolean {
  const isEach = names.every((name) => listed.get(name) === `${name}/migration`);
  return isEach && !hasJournal && imports.size === names.length && listed.size === names.length;
}

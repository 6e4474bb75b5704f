import type { Repository } from '../../git/repository.ts';
import type { Tree } from '../../git/trees/tree.ts';
import type { FolderHistory, FolderMigration, SnapshotFile } from '../../history/history.ts';
import { parseFolderSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import { folderSnapshots } from '../folder-snapshots.ts';
import { otherKitOf } from '../sql-origin/other-kit.ts';

type Asked = Pick<Evaluator, 'evaluates' | 'layout' | 'up' | 'snapshotVersion'>;

/**
 * The history of a commit whose own files name an older drizzle-kit 1.x than the installed one, with
 * its snapshots as `drizzle-kit up` would leave them; nothing is written. Otherwise, and where `up`
 * refuses them, as it is.
 */
export async function ofOlderKit(
  history: FolderHistory,
  project: Project,
  evaluator: Asked,
  { tree, repository }: { readonly tree: Tree; readonly repository: Repository },
): Promise<FolderHistory> {
  if (!(await hasOlder(history, project, evaluator))) return history;
  const other = await otherKitOf(tree, project, repository);
  if (other === undefined || /^[~^=v\s]*0\./.test(other.version)) return history;
  return asUpLeaves(history, project, evaluator);
}

/** Snapshots of folders as `drizzle-kit up` of the installed version would leave them. */
export async function asUpLeaves(
  history: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<FolderHistory> {
  const snapshots = folderSnapshots(history);
  if (snapshots === undefined || !(await hasOlder(history, project, evaluator))) return history;
  const up = await evaluator.up(project, snapshots);
  if (up.status !== 'ok') return history;
  const lifted = (file: SnapshotFile, folder: string): SnapshotFile => {
    const made = up.snapshots.find((one) => one.folder === folder);
    if (made === undefined) return file;
    const bytes = new TextEncoder().encode(JSON.stringify(made.json));
    return { ...file, snapshot: parseFolderSnapshot(bytes) };
  };
  const all = new Map(
    history.migrations.map((one): [string, FolderMigration] => [
      one.name,
      one.snapshot === undefined ? one : { ...one, snapshot: lifted(one.snapshot, one.name) },
    ]),
  );
  const newest = [...all.values()].find(
    ({ snapshotPath }) => snapshotPath === history.newest?.path,
  );
  return {
    ...history,
    migrations: [...all.values()],
    leaves: history.leaves.map((one) => all.get(one.name) ?? one),
    ...(newest?.snapshot === undefined ? {} : { newest: newest.snapshot }),
    isLifted: true,
  };
}

async function hasOlder(
  history: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<boolean> {
  if (!evaluator.evaluates || (await evaluator.layout(project)) !== 'folders') return false;
  const newest = await evaluator.snapshotVersion(project);
  return (folderSnapshots(history) ?? []).some(({ json }) => Number(json['version']) < newest);
}

import type { Tree } from '../../git/trees/tree.ts';
import type { FolderHistory, FolderMigration, SnapshotFile } from '../../history/history.ts';
import { readHistory } from '../../history/read.ts';
import { parseFolderSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import { folderSnapshots } from '../folder-snapshots.ts';

type Asked = Pick<Evaluator, 'evaluates' | 'layout' | 'up' | 'snapshotVersion' | 'versionsFor'>;

interface InTree {
  readonly tree: Tree;
  readonly project: Project;
}

/**
 * The history of a commit whose own files name an older drizzle-kit 1.x than the installed one, with
 * its snapshots as `drizzle-kit up` would leave them; nothing is written. As it is where some of
 * them are not older, as no drizzle-kit reads both, and where `up` refuses them. A range names any
 * candidate in it: then as it is also where `up` has run before the commit.
 * @param before the project in the trees before the commit
 */
export async function ofOlderKit(
  history: FolderHistory,
  { tree, project }: InTree,
  evaluator: Asked,
  before: () => Promise<readonly InTree[]>,
): Promise<FolderHistory> {
  const versions = await versionsIn(history, project, evaluator);
  if (versions === undefined || versions.all.some((one) => one >= versions.newest)) return history;
  const { declaredOlderKit1 } = await import('../../project/scripts/declared-kit-version.ts');
  const installed = (await evaluator.versionsFor(project))?.version;
  if (installed === undefined) return history;
  const older = await declaredOlderKit1(tree, project.base, installed);
  if (older === undefined) return history;
  if (older.isRange)
    for (const then of await before()) {
      const earlier = await readHistory(then.tree, then.project.out, { layout: 'folders' });
      const all = folderSnapshots(earlier) ?? [];
      if (all.some(({ json }) => Number(json['version']) >= versions.newest)) return history;
    }
  return asUpLeaves(history, project, evaluator);
}

/** Snapshots of folders as `drizzle-kit up` of the installed version would leave them. */
export async function asUpLeaves(
  history: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<FolderHistory> {
  const snapshots = folderSnapshots(history);
  const versions = await versionsIn(history, project, evaluator);
  if (snapshots === undefined || !versions?.all.some((one) => one < versions.newest))
    return history;
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

/** The versions of snapshots of folders, and the one that the installed drizzle-kit writes. */
async function versionsIn(
  history: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<{ readonly all: readonly number[]; readonly newest: number } | undefined> {
  if (!evaluator.evaluates || (await evaluator.layout(project)) !== 'folders') return undefined;
  const newest = await evaluator.snapshotVersion(project);
  const all = (folderSnapshots(history) ?? []).map(({ json }) => Number(json['version']));
  return all.length === 0 ? undefined : { all, newest };
}

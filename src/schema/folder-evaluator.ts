import type { Tree } from '../git/trees/tree.ts';
import type { Project } from '../project/project.ts';
import type {
  FolderBase,
  FolderChange,
  FolderSnapshot,
  FolderUp,
  ForkConflict,
} from './folders.ts';
import type { Layout } from '../history/history.ts';
import type { Kit } from './kit/find-kit.ts';
import type { GenerateSession } from './kit/generate.ts';

/** The part of the evaluator that knows in which layout drizzle-kit keeps migrations. */
export interface FolderEvaluator {
  /**
   * How the project's drizzle-kit keeps migrations: with a journal, or in a folder each (1.x), of
   * which the four below are.
   * @throws GuardError `kit-missing`, `kit-unsupported`, `orm-missing`.
   */
  layout(project: Project, tree?: Tree): Promise<Layout>;
  /** What `generate` would compare the schema with: see `folderBase`. */
  base(project: Project, snapshots: readonly FolderSnapshot[]): Promise<FolderBase>;
  /** The states before and after one migration, the one in `folder`: see `folderChange`. */
  around(
    project: Project,
    snapshots: readonly FolderSnapshot[],
    folder: string,
  ): Promise<FolderChange>;
  /** Forks that are not commutative, open or under a migration that joins them: see `forkConflicts`. */
  conflicts(
    project: Project,
    snapshots: readonly FolderSnapshot[],
    under?: string,
  ): Promise<readonly ForkConflict[]>;
  /** What `drizzle-kit up` would write for old snapshots: see `folderUp`. */
  up(project: Project, snapshots: readonly FolderSnapshot[]): Promise<FolderUp>;
  /** The snapshot version that the project's drizzle-kit writes. */
  snapshotVersion(project: Project): Promise<number>;
}

/**
 * @param kitFor looks a project's drizzle-kit up
 * @param sessionFor the same, with the process that runs it
 */
export function openFolderEvaluator(
  kitFor: (project: Project, tree?: Tree) => Promise<Kit>,
  sessionFor: (project: Project) => Promise<GenerateSession>,
): FolderEvaluator {
  return {
    async layout(project, tree) {
      return (await kitFor(project, tree)).layout;
    },
    async base(project, snapshots) {
      const { folderBase } = await import('./kit/folder-answers.ts');
      return folderBase(await sessionFor(project), snapshots);
    },
    async around(project, snapshots, folder) {
      const { folderChange } = await import('./kit/folder-answers.ts');
      return folderChange(await sessionFor(project), snapshots, folder);
    },
    async conflicts(project, snapshots, under) {
      const { forkConflicts } = await import('./kit/folder-answers.ts');
      return forkConflicts(await sessionFor(project), snapshots, under);
    },
    async up(project, snapshots) {
      const { folderUp } = await import('./kit/folder-answers.ts');
      return folderUp(await sessionFor(project), snapshots);
    },
    async snapshotVersion(project) {
      const kit = await kitFor(project).catch(() => undefined);
      if (kit?.layout !== 'folders') return newestSnapshotVersion(project);
      const { folderVersion } = await import('./kit/folder-answers.ts');
      return folderVersion(await sessionFor(project));
    },
  };
}

/** The version that drizzle-kit 0.31 writes. */
export async function newestSnapshotVersion({ dialect }: Project): Promise<number> {
  const { SNAPSHOT_VERSIONS } = await import('./kit/find-kit.ts');
  return SNAPSHOT_VERSIONS[dialect];
}

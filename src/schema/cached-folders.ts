import type { Project } from '../project/project.ts';
import { isRecord } from '../model/unknown.ts';
import type { FolderCache } from './cache/folder-cache.ts';
import type { FolderEvaluator } from './folder-evaluator.ts';
import {
  ancestorsOf,
  type FolderBase,
  type FolderChange,
  type FolderSnapshot,
  type FolderUp,
  type ForkConflict,
} from './folders.ts';
import type { Kit } from './kit/find-kit.ts';

/**
 * The same, from the cache where an earlier run asked about the same content.
 * @param keyOf plain JSON that says which drizzle-kit and drizzle-orm answer
 */
export function cachedFolders(
  plain: FolderEvaluator & { kitFor(project: Project): Promise<Kit> },
  cache: FolderCache,
  keyOf: (kit: Kit) => readonly unknown[],
): Pick<FolderEvaluator, 'base' | 'around' | 'conflicts' | 'up' | 'snapshotVersion'> {
  const ask = async <T>(
    project: Project,
    snapshots: readonly FolderSnapshot[],
    question: readonly [ask: string, folder?: string],
    run: () => Promise<T>,
    isAnswer: (value: unknown) => value is T,
  ): Promise<T> => {
    const kit = await plain.kitFor(project);
    return cache.get({
      subject: project.name,
      key: [question, ...keyOf(kit), project.dialect],
      api: kit.api,
      snapshots,
      run,
      isAnswer,
    });
  };

  return {
    base: (project, snapshots) =>
      ask(project, snapshots, ['base'], () => plain.base(project, snapshots), isBase),
    around: (project, snapshots, folder) => {
      const needed = ancestorsOf(snapshots, folder);
      return ask(
        project,
        needed,
        ['around', folder],
        () => plain.around(project, needed, folder),
        isChange,
      );
    },
    conflicts: (project, snapshots, under) => {
      const needed = under === undefined ? snapshots : ancestorsOf(snapshots, under);
      return ask(
        project,
        needed,
        under === undefined ? ['conflicts'] : ['conflicts', under],
        () => plain.conflicts(project, needed, under),
        isConflicts,
      );
    },
    up: (project, snapshots) =>
      ask(project, snapshots, ['up'], () => plain.up(project, snapshots), isUp),
    snapshotVersion: async (project) => {
      const kit = await plain.kitFor(project).catch(() => undefined);
      return kit?.layout === 'folders'
        ? ask(project, [], ['version'], () => plain.snapshotVersion(project), isVersion)
        : plain.snapshotVersion(project);
    },
  };
}

function isBase(value: unknown): value is FolderBase {
  return (
    isRecord(value) && ['ok', 'refused', 'conflicts'].some((status) => status === value['status'])
  );
}

function isChange(value: unknown): value is FolderChange {
  return isRecord(value) && (value['status'] === 'ok' || value['status'] === 'refused');
}

function isUp(value: unknown): value is FolderUp {
  return isRecord(value) && (value['status'] === 'ok' || value['status'] === 'refused');
}

function isConflicts(value: unknown): value is readonly ForkConflict[] {
  return Array.isArray(value);
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number';
}

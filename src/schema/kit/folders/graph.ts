import type { Dialect } from '../../../model/dialect.ts';
import type { FileProblem } from '../../../history/history.ts';
import { ORIGIN_ID } from '../../../history/snapshot.ts';
import {
  ancestorsOf,
  type FolderBase,
  type FolderChange,
  type FolderQuestion,
  type FolderSnapshot,
  type FolderUp,
  type ForkConflict,
} from '../../folders.ts';
import { property } from '../foreign-module.ts';
import { around } from './around.ts';
import { conflictsIn, detect, merge, openBranch } from './forks.ts';
import {
  idOf,
  inOrder,
  isV9,
  parentsOf,
  problemOf,
  problemsIn,
  readAll,
  rowsOf,
  type ReadFile,
} from './read-folder.ts';
import { missedForks } from './missed-forks.ts';
import type { Functions } from './regions.ts';
import { FOLDER } from './sources.ts';
import { listOf, shared, stateWith, versionOf } from './state.ts';
import { upAll } from './up.ts';

/** What drizzle-kit makes of the snapshots of a folder, as a graph. */
export interface FolderHistory {
  answer(
    dialect: Dialect,
    question: FolderQuestion,
  ): Promise<FolderBase | FolderChange | FolderUp | readonly ForkConflict[] | number>;
  /** Why drizzle-kit would not take this as a snapshot of its version; see `snapshotProblems`. */
  problems(dialect: Dialect, bytes: Uint8Array): readonly FileProblem[];
}

export function folderHistory(kit: Functions): FolderHistory {
  /** Rows of all answers: nobody writes to them. */
  const rows = new Map<string, unknown>();
  return {
    answer: async (dialect, question) => {
      if (question.ask === 'version') return versionOf(kit, dialect);
      if (question.ask === 'up') return upAll(kit, dialect, question.snapshots);
      const snapshots = snapshotsOf(question);
      const files = inOrder(snapshots);
      if (question.ask === 'around') return around(kit, dialect, files, question.folder, rows);
      const read = readAll(kit, dialect, files);
      if (!Array.isArray(read))
        return question.ask === 'conflicts' ? [] : { status: 'refused', problems: [read] };
      const report = await detect(kit, dialect, read);
      const conflicts = conflictsIn(report);
      if (question.ask === 'conflicts') {
        // Where it diffs from the fork, it takes what both branches inherited for a conflict.
        const isJoined = question.under !== undefined && report !== undefined;
        const known = isJoined && !isV9(kit, dialect) ? [] : conflicts;
        const how = { known, compares: report !== undefined };
        return [...known, ...(await missedForks(kit, dialect, snapshots, how))];
      }
      if (conflicts.length > 0) return { status: 'conflicts', conflicts };
      if (files.length === 0) return { status: 'ok', state: undefined, parents: [ORIGIN_ID] };
      return merged(kit, dialect, read, report, rows);
    },
    problems: (dialect, bytes) => problemsIn(kit, dialect, bytes),
  };
}

/** Without a migration that joins forks these are open. */
function snapshotsOf(
  question: Extract<FolderQuestion, { readonly snapshots: unknown }>,
): readonly FolderSnapshot[] {
  const { snapshots } = question;
  const under = question.ask === 'conflicts' ? question.under : undefined;
  if (under === undefined) return snapshots;
  return ancestorsOf(snapshots, under).filter(({ folder }) => folder !== under);
}

/** The state that all leaves together make, and the parents that a new migration has. */
function merged(
  kit: Functions,
  dialect: Dialect,
  files: readonly ReadFile[],
  report: unknown,
  known: Map<string, unknown>,
): FolderBase {
  const ok = (rows: readonly unknown[], parents: readonly string[]): FolderBase => ({
    status: 'ok',
    state: stateWith(kit, dialect, rows),
    parents,
  });
  if (isV9(kit, dialect)) {
    const folder = kit.get(FOLDER, 'loadFolder')(files);
    const parents = property(folder, 'leafIds') as readonly string[];
    try {
      return ok(listOf(kit.get(FOLDER, 'combinedState')(folder), known), parents);
    } catch (error) {
      return { status: 'refused', problems: [problemOf(error)] };
    }
  }
  const branch = openBranch(kit, report);
  const newest = files.at(-1)?.snapshot ?? {};
  const leaves =
    branchLeaves(branch) ?? (isLastParent(kit, dialect) ? [idOf(newest)] : leavesOf(files));
  return ok(shared(merge(kit, dialect, branch) ?? rowsOf(newest), known), leaves);
}

/** rc.4 names the last snapshot as the parent on PostgreSQL (`prepareSnapshot` in `serializer.ts`). */
function isLastParent(kit: Functions, dialect: Dialect): boolean {
  return dialect === 'postgresql' && !isV9(kit, dialect);
}

function branchLeaves(branch: unknown): readonly string[] | undefined {
  const leaves = property(branch, 'leafs');
  return Array.isArray(leaves) ? leaves.map((leaf) => String(property(leaf, 'id'))) : undefined;
}

/** `findLeafSnapshotIds` in `src/utils/utils-node.ts`. */
function leavesOf(files: readonly ReadFile[]): readonly string[] {
  const ids = [...new Set(files.map(({ snapshot }) => idOf(snapshot)))];
  const parents = new Set(files.flatMap(({ snapshot }) => parentsOf(snapshot)));
  const leaves = ids.filter((id) => !parents.has(id));
  return leaves.length > 0 ? leaves : ids.slice(-1);
}

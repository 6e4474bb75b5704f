import type { FolderState, OtherBranch } from '../../facts/change.ts';
import { inFolders } from '../../facts/switch/in-folders.ts';
import type { History, JournalHistory, Migration } from '../../history/history.ts';
import { sameId } from '../../history/same-migration.ts';
import type { ForkBranch, ForkConflict } from '../../schema/folders.ts';
import type { SideBySide } from './clashes.ts';

/** Two migrations of different branches of a history of folders that cannot both be there. */
export interface Fork {
  readonly one: string;
  readonly other: string;
  /** What each of the two does, or why the two cannot be put together. */
  readonly why: readonly string[];
}

/** The forks of one tree that do not go together. */
export function forksIn({ drift, forks = [] }: FolderState): readonly Fork[] {
  const known = drift.status === 'conflicts' ? [...drift.conflicts, ...forks] : forks;
  return [...new Map(known.map(forkOf).map((one) => [`${one.one}\n${one.other}`, one])).values()];
}

/** The forks between our new migrations and those of another branch. */
export function forksWith(
  { drift }: FolderState,
  { together }: OtherBranch,
  { ours, theirs }: SideBySide<Migration>,
): readonly Fork[] {
  const twins = ours.filter((one) => theirs.some(({ name }) => name === one.name));
  if (twins.length > 0)
    return twins.map(({ name }) => ({
      one: name,
      other: name,
      why: [`both branches have a migration ${name}, with other content`],
    }));
  const copies = ours.flatMap((one) =>
    theirs
      .filter((other) => sameId(one, other))
      .map((other) => ({
        one: one.name,
        other: other.name,
        why: ['their snapshots have the same id: one is a copy of the other'],
      })),
  );
  if (copies.length > 0) return copies;
  const { refused, conflicts = [] } = together ?? {};
  const [mine] = ours;
  if (refused !== undefined && drift.status !== 'refused' && mine !== undefined)
    return [{ one: mine.name, other: refused.folder, why: [refused.message] }];
  return conflicts.flatMap((conflict) => {
    const [a, b] = conflict.branches;
    if (a === undefined || b === undefined) return [];
    if (has(ours, a) && has(theirs, b)) return [forkOf(conflict)];
    return has(ours, b) && has(theirs, a) ? [forkOf({ ...conflict, branches: [b, a] })] : [];
  });
}

function has(some: readonly Migration[], { folders, source }: ForkBranch): boolean {
  return some.some(({ name }) => name === source || folders.includes(name));
}

function forkOf({ branches: [a, b] }: ForkConflict): Fork {
  return {
    one: a?.source ?? '',
    other: b?.source ?? '',
    why: [a, b].flatMap((branch) =>
      branch === undefined ? [] : [`${branch.source}: ${branch.text}`],
    ),
  };
}

/** Of migrations in a journal those that are in no folder of another history. */
export function notMoved(
  some: readonly Migration[],
  journal: JournalHistory,
  { migrations }: History,
): readonly Migration[] {
  const moved = inFolders(journal).migrations;
  return some.filter(({ position }) => {
    const now = moved[position];
    return !migrations.some(
      ({ name, sql }) => name === now?.name && sql?.entry.oid === now.sql?.entry.oid,
    );
  });
}

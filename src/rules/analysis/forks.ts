import type { FolderState, OtherBranch } from '../../facts/change.ts';
import type { Migration } from '../../history/history.ts';
import type { Dialect } from '../../model/dialect.ts';
import type { ForkBranch, ForkConflict } from '../../schema/folders.ts';
import type { SideBySide } from './clashes.ts';

/** Two migrations of different branches of a history of folders that cannot both be there. */
export interface Fork {
  readonly one: string;
  readonly other: string;
  /** What each of the two does, or why the two cannot be put together. */
  readonly why: readonly string[];
}

/**
 * Dialects for which drizzle-kit 1.x cannot tell what commutes (`getCommutativityDialect`): whatever
 * is forked, the next migration is made on the last by name, and repeats what the other side did.
 */
const UNABLE: ReadonlySet<Dialect> = new Set(['singlestore', 'mssql', 'cockroach']);

/** The forks of one tree that drizzle-kit does not put together, or cannot. */
export function forksIn({ drift, history, project }: FolderState): readonly Fork[] {
  if (drift.status === 'conflicts') return drift.conflicts.map(forkOf);
  const [first, ...more] = history.leaves;
  if (first === undefined || !UNABLE.has(project.dialect)) return [];
  return more.map(({ name }) => unable(first.name, name, project.dialect));
}

/** The forks between our new migrations and those of another branch. */
export function forksWith(
  after: FolderState,
  { together }: OtherBranch,
  { ours, theirs }: SideBySide<Migration>,
): readonly Fork[] {
  const [mine, other] = [ours.at(-1), theirs.at(-1)];
  if (mine === undefined || other === undefined) return [];
  const twins = ours.filter((one) => theirs.some(({ name }) => name === one.name));
  if (twins.length > 0)
    return twins.map(({ name }) => ({
      one: name,
      other: name,
      why: [`both branches have a migration ${name}, with other content`],
    }));
  if (UNABLE.has(after.project.dialect))
    return [unable(mine.name, other.name, after.project.dialect)];
  if (together?.status === 'refused' && after.drift.status !== 'refused')
    return together.problems.map(({ folder, message }) => ({
      one: mine.name,
      other: folder,
      why: [message],
    }));
  if (together?.status !== 'conflicts') return [];
  return together.conflicts.flatMap((conflict) => {
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

function unable(one: string, other: string, dialect: Dialect): Fork {
  return {
    one,
    other,
    why: [
      `drizzle-kit cannot put two branches of ${dialect} together: its next migration would be made ` +
        'on the last of them by name, and repeat what the other one did',
    ],
  };
}

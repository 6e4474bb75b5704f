import { joinedForks } from '../../facts/forks.ts';
import type { FolderMigration } from '../../history/history.ts';
import { sameId } from '../../history/same-migration.ts';
import { ORIGIN_ID } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderSnapshot, ForkConflict } from '../../schema/folders.ts';
import { PARENT_MISSING, wrongParents } from '../../rules/analysis/parents.ts';
import type { Stop } from '../input.ts';
import type { FolderSides } from './read.ts';

/**
 * The own migrations that cannot stay as they are, and those that follow them, in an order in which
 * each has its parents before it: those of `refused`, those that the base has under the same name
 * with other content, those whose parent is nowhere or sorts behind them, and those that do not go
 * together with the base's. Of two own ones that do not (one of them out of a stash, or of a branch
 * that was merged) the one that no commit has yet, else the later. On most dialects drizzle-kit only
 * says of which branch a clash is: then its newest migration is taken out first.
 * @param snapshots of the base, and of the own migrations that it has not got
 * @param refused names of those that a commit of the result would be refused for
 */
export async function madeAgain(
  { project, evaluator }: { readonly project: Project; readonly evaluator: Evaluator },
  { mine, base, uncommitted }: FolderSides,
  snapshots: {
    readonly base: readonly FolderSnapshot[];
    readonly mine: readonly FolderSnapshot[];
  },
  refused: ReadonlySet<string>,
): Promise<readonly FolderMigration[]> {
  const names = new Set(base.migrations.map(({ name }) => name));
  let again: readonly FolderMigration[] = mine.filter(
    (one) => names.has(one.name) || refused.has(one.name) || isEarly(one, base.migrations),
  );
  for (;;) {
    again = withFollowing(again, mine, idsOf(base.migrations));
    const out = new Set(again.map(({ name }) => name));
    const left = [...snapshots.base, ...snapshots.mine.filter(({ folder }) => !out.has(folder))];
    const staying = mine.filter((one) => !again.includes(one));
    if (staying.length === 0) return inLine(again);
    const more = await notFitting(left, staying);
    if (more.length === 0) return inLine(again);
    again = [...again, ...more];
  }

  async function notFitting(
    left: readonly FolderSnapshot[],
    staying: readonly FolderMigration[],
  ): Promise<readonly FolderMigration[]> {
    const [open, joined] = await Promise.all([
      evaluator.conflicts(project, left),
      joinedForks(
        project,
        left,
        evaluator,
        staying.map(({ name }) => name),
      ),
    ]);
    const clashes = [...open, ...joined];
    const found = clashes.filter(isBetween);
    if (found.length > 0) return staying.filter(({ name }) => found.some((one) => isOf(name, one)));
    const clashing = staying.filter(({ name }) => clashes.some((one) => isOf(name, one)));
    const last = clashing.findLast(({ name }) => uncommitted.has(name)) ?? clashing.at(-1);
    if (last !== undefined) return [last];
    const together = await evaluator.base(project, left);
    if (together.status !== 'refused') return [];
    // What drizzle-kit has against the base alone is not the own side's.
    if ((await evaluator.base(project, snapshots.base)).status === 'refused') return [];
    const named = staying.filter(({ name }) =>
      together.problems.some(({ folder }) => folder === name),
    );
    return named.length > 0 ? named : staying;
  }

  /** Of an own migration and one of the base's. */
  function isBetween(clash: ForkConflict): boolean {
    const own = mine.filter(({ name }) => isOf(name, clash));
    return own.length > 0 && base.migrations.some(({ name }) => isOf(name, clash));
  }
}

/**
 * Own migrations of which nobody knows what they stand on, or what stands on them, a stop for each:
 * outside of PostgreSQL drizzle-kit takes them as they are, and sees no clash. One whose parent is
 * nowhere may stand on one that a rebase has put on top already.
 */
export function withWrongParents(project: Project, sides: FolderSides): readonly Stop[] {
  const { base, own, mine } = sides;
  const wrong = wrongParents({ project, history: own });
  return mine.flatMap((one): readonly Stop[] => {
    const found = wrong.find(({ migration }) => migration === one)?.found ?? [];
    const twin = base.migrations.find((other) => other.name !== one.name && sameId(one, other));
    const sentences = [
      ...found
        .filter(([entity]) => entity.kind !== 'migration' || entity.aspect !== PARENT_MISSING)
        .map(([, sentence]) => sentence),
      ...(twin === undefined
        ? []
        : [`it has the id of ${twin.name}: remove it there, and generate it again`]),
    ];
    if (sentences.length === 0) return [];
    const { name, snapshotPath } = one;
    const detail = sentences.join('\n');
    return [
      { reason: 'own-broken', migration: name, entities: [snapshotPath], detail, answers: [] },
    ];
  });
}

/** Whether it sorts before a parent: the base has that in a folder of another name, a copy. */
function isEarly(one: FolderMigration, base: readonly FolderMigration[]): boolean {
  return base.some((other) => other.name >= one.name && parentsOf(one).includes(idOf(other) ?? ''));
}

function isOf(name: string, { branches }: ForkConflict): boolean {
  return branches.some(({ source }) => source === name);
}

/** With those whose parents are taken out or nowhere. */
function withFollowing(
  some: readonly FolderMigration[],
  mine: readonly FolderMigration[],
  base: ReadonlySet<string>,
): readonly FolderMigration[] {
  const found = new Set(some);
  for (;;) {
    const there = new Set([...base, ...idsOf(mine.filter((one) => !found.has(one)))]);
    const more = mine.filter(
      (one) => !found.has(one) && parentsOf(one).some((id) => id !== ORIGIN_ID && !there.has(id)),
    );
    if (more.length === 0) return [...found];
    for (const one of more) found.add(one);
  }
}

function inLine(some: readonly FolderMigration[]): readonly FolderMigration[] {
  const line = new Set<FolderMigration>();
  const visiting = new Set<FolderMigration>();
  const add = (one: FolderMigration): void => {
    if (line.has(one) || visiting.has(one)) return;
    visiting.add(one);
    for (const other of some) if (parentsOf(one).includes(idOf(other) ?? '')) add(other);
    line.add(one);
  };
  for (const one of some.toSorted((a, b) => a.position - b.position)) add(one);
  return [...line];
}

function idsOf(migrations: readonly FolderMigration[]): ReadonlySet<string> {
  return new Set(migrations.flatMap((one) => idOf(one) ?? []));
}

export function idOf({ snapshot }: FolderMigration): string | undefined {
  return snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.id : undefined;
}

export function parentsOf({ snapshot }: FolderMigration): readonly string[] {
  return snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.prevIds : [];
}

import type { OtherBranch } from '../../facts/change.ts';
import type { JournalHistory, JournalMigration, Migration } from '../../history/history.ts';
import { prefixOf } from '../../history/layout.ts';
import { sameMigration } from '../../history/same-migration.ts';

/** What one migration of ours and one of theirs cannot both have, in the order of the report. */
export const CLASHES = ['tag', 'idx', 'prefix', 'when', 'parent'] as const;
export type ClashKind = (typeof CLASHES)[number];

export interface Clash {
  readonly kind: ClashKind;
  readonly ours: JournalMigration;
  readonly theirs: JournalMigration;
}

/** What each side made since the two parted; what both have, byte for byte, is neither's. */
export interface SideBySide<Kind extends Migration = JournalMigration> {
  readonly ours: readonly Kind[];
  readonly theirs: readonly Kind[];
}

export function sideBySide<Kind extends Migration>(
  after: { readonly migrations: readonly Kind[] },
  there: { readonly migrations: readonly Kind[] },
  parted: OtherBranch['parted'],
): SideBySide<Kind> {
  const known = new Set(parted?.migrations.map(({ name }) => name));
  const since = ({ migrations }: typeof after): readonly Kind[] =>
    migrations.filter(({ name }) => !known.has(name));
  const [ours, theirs] = [since(after), since(there)];
  return { ours: without(ours, theirs), theirs: without(theirs, ours) };
}

function without<Kind extends Migration>(
  some: readonly Kind[],
  others: readonly Kind[],
): readonly Kind[] {
  return some.filter((one) => !others.some((other) => sameMigration(one, other)));
}

/**
 * Why our migrations cannot follow theirs. Of the snapshots only the first one counts: those after
 * it follow it. A snapshot that was not read, or cannot be, is no proof of anything.
 */
export function clashesOf({ ours, theirs }: SideBySide, there: JournalHistory): readonly Clash[] {
  if (ours.length === 0 || theirs.length === 0) return [];
  const clashes = ours.flatMap((mine): Clash[] => {
    const namesake = theirs.find(({ name }) => name === mine.name);
    // One name is one number too: nothing is gained by saying it three times.
    if (namesake !== undefined) return [{ kind: 'tag', ours: mine, theirs: namesake }];
    const numbered = theirs.find(({ journal }) => journal.idx === mine.journal.idx);
    const prefixed = theirs.find((other) => samePrefix(mine, other));
    return [
      ...(numbered === undefined ? [] : [{ kind: 'idx', ours: mine, theirs: numbered } as const]),
      ...(prefixed === undefined
        ? []
        : [{ kind: 'prefix', ours: mine, theirs: prefixed } as const]),
    ];
  });
  const latest = theirs.reduce((high, one) => (one.journal.when > high.journal.when ? one : high));
  const skipped = ours
    .filter(({ journal }) => journal.when <= latest.journal.when)
    .map((mine): Clash => ({ kind: 'when', ours: mine, theirs: latest }));
  return [...clashes, ...skipped, ...parentClash(ours, theirs, there)];
}

function parentClash(
  ours: readonly JournalMigration[],
  theirs: readonly JournalMigration[],
  there: JournalHistory,
): readonly Clash[] {
  const first = ours.find(isChained);
  const newest = there.migrations.findLast(isChained);
  if (
    first?.snapshot?.snapshot.status !== 'ok' ||
    newest?.snapshot?.snapshot.status !== 'ok' ||
    !theirs.includes(newest)
  )
    return [];
  return first.snapshot.snapshot.prevId === newest.snapshot.snapshot.id
    ? []
    : [{ kind: 'parent', ours: first, theirs: newest }];
}

/**
 * Two migrations of one prefix claim one snapshot file; so do hand-made names that share their
 * first word.
 */
function samePrefix(mine: JournalMigration, other: JournalMigration): boolean {
  return prefixOf(mine.name) !== '' && nameOf(mine.snapshotPath) === nameOf(other.snapshotPath);
}

/**
 * Migrations without a snapshot are chained over; `prefix: 'none'` has one file for all of them,
 * and no chain.
 */
function isChained({ snapshot, journal }: JournalMigration): boolean {
  return snapshot !== undefined && prefixOf(journal.tag) !== '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

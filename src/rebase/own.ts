import type {
  JournalHistory as History,
  JournalMigration as Migration,
} from '../history/history.ts';
import { idxBehind, prefixOf } from '../history/layout.ts';
import { sameMigration } from '../history/same-migration.ts';
import { ORIGIN_ID } from '../history/snapshot.ts';

interface Histories {
  readonly base: History;
  readonly own: History;
  readonly fork: History;
}

/** The own side's migrations since the fork, in order, without those that the base has. */
export function ownMigrations(histories: Histories): readonly Migration[] {
  const { own, fork } = histories;
  return since(own, fork).filter(
    (mine) => !isIn(histories.base, mine) && !isRenumbered(histories, mine),
  );
}

/**
 * The own side's migrations since the fork that the base has under another number, with the same
 * SQL under the same name: a rebase brings those again.
 */
export function sharedMigrations(histories: Histories): readonly Migration[] {
  const { own, fork } = histories;
  return since(own, fork).filter(
    (mine) => !isIn(histories.base, mine) && isRenumbered(histories, mine),
  );
}

function isIn({ migrations }: History, mine: Migration): boolean {
  return migrations.some((theirs) => sameMigration(theirs, mine));
}

/** The migrations that the base made since the fork. */
export function baseMigrations({ base, fork }: Omit<Histories, 'own'>): readonly Migration[] {
  return since(base, fork);
}

function since({ migrations }: History, fork: History): readonly Migration[] {
  const known = new Set(fork.migrations.map(({ journal }) => journal.tag));
  return migrations.filter(({ journal }) => !known.has(journal.tag));
}

/** The same SQL may be run again under the same name on purpose: as often as the base has it. */
function isRenumbered({ base, own }: Histories, mine: Migration): boolean {
  const isSame = ({ journal, sql }: Migration): boolean =>
    sql !== undefined &&
    sql.entry.oid === mine.sql?.entry.oid &&
    namePart(journal.tag) === namePart(mine.journal.tag);
  const before = own.migrations.slice(0, mine.position).filter(isSame).length;
  return base.migrations.filter(isSame).length > before;
}

/** A tag without its prefix: what `--name` said, or drizzle-kit's own two words. */
export function namePart(tag: string): string {
  const prefix = prefixOf(tag);
  return prefix === undefined ? tag : tag.slice(prefix.length + 1);
}

/** Whether the own migrations stand behind all of the base's, and each fits the one before it. */
export function followsBase({ base, own }: Histories, mine: readonly Migration[]): boolean {
  const { migrations } = own;
  const start = base.migrations.length;
  if (migrations.length !== start + mine.length) return false;
  if (!base.migrations.every((theirs, at) => sameMigration(theirs, migrations[at]!))) return false;
  let last = base.migrations.at(-1);
  let id = newestId(base.migrations) ?? ORIGIN_ID;
  for (const [at, one] of migrations.slice(start).entries()) {
    if (one !== mine[at]) return false;
    const before = last?.journal;
    if (![(before?.idx ?? -1) + 1, idxBehind(before)].includes(one.journal.idx)) return false;
    if (base.migrations.some(({ journal }) => journal.when >= one.journal.when)) return false;
    if (last !== undefined && one.journal.when <= last.journal.when) return false;
    if (last !== undefined && !isAbove(one.journal.tag, last.journal.tag)) return false;
    if (one.snapshot?.snapshot.status === 'ok') {
      if (one.snapshot.snapshot.prevId !== id) return false;
      id = one.snapshot.snapshot.id;
    } else if (one.snapshot !== undefined) return false;
    last = one;
  }
  return true;
}

function newestId(migrations: readonly Migration[]): string | undefined {
  const newest = migrations.findLast(({ snapshot }) => snapshot?.snapshot.status === 'ok');
  return newest?.snapshot?.snapshot.status === 'ok' ? newest.snapshot.snapshot.id : undefined;
}

function isAbove(tag: string, before: string): boolean {
  const [one, other] = [prefixOf(tag), prefixOf(before)];
  return one === undefined || other === undefined || one === '' || one > other;
}

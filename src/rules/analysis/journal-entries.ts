import type { JournalMigration } from '../../history/history.ts';
import { indexPrefix, prefixOf } from '../../history/layout.ts';
import { ofMigration, type Entity } from '../../model/entity.ts';
import { facts, type Facts } from '../text/facts.ts';

interface EntryProblem {
  readonly sentence: string;
  /** The idx that would fix it, where that alone would. */
  readonly idx?: number;
}

export interface WrongEntry {
  readonly migration: JournalMigration;
  readonly known: Facts<EntryProblem>;
}

/**
 * What is wrong with the numbers and names of journal entries, one item a migration. Each entry is
 * compared with the one before it, so that a single gap is reported once and later migrations do
 * not change it. drizzle-kit: `idx` is the last entry's + 1 (`writeResult` in
 * src/cli/commands/migrate.ts).
 */
export function entryProblems(migrations: readonly JournalMigration[]): readonly WrongEntry[] {
  const tags = new Map<string, JournalMigration>();
  const snapshots = new Map<string, JournalMigration>();
  const misnumbered = new Set(misnamed(migrations));
  const wrong: WrongEntry[] = [];
  for (const [position, migration] of migrations.entries()) {
    const {
      name: tag,
      journal: { idx },
    } = migration;
    const found: [Entity, EntryProblem][] = [];
    const numbered = numberProblem(migration, migrations[position - 1]);
    if (numbered !== undefined) {
      const { aspect, sentence, expected } = numbered;
      found.push([ofMigration(tag, aspect), { sentence, idx: expected }]);
    }
    if (tags.has(tag))
      found.push([
        ofMigration(tag, 'tag twice'),
        {
          sentence:
            `${tag} is in the journal twice: ${migration.sqlPath} would be run twice on an ` +
            'empty database',
        },
      ]);
    const rival = snapshots.get(migration.snapshotPath);
    if (rival !== undefined && rival.name !== tag && prefixOf(tag) !== '') {
      found.push([
        ofMigration(tag, `same snapshot as ${rival.name}`),
        {
          sentence:
            `${tag} and ${rival.name} both ` +
            'claim ' +
            `${migration.snapshotPath}${migration.snapshot === undefined ? '' : ': the later one overwrote it'}`,
        },
      ]);
    }
    if (found.length > 0 && misnumbered.has(migration))
      found.push([
        ofMigration(tag, 'prefix'),
        { sentence: `the name of ${tag} does not begin with its idx, ${indexPrefix(idx)}` },
      ]);
    if (found.length > 0) wrong.push({ migration, known: facts(found) });
    if (!tags.has(tag)) tags.set(tag, migration);
    if (rival === undefined) snapshots.set(migration.snapshotPath, migration);
  }
  return wrong;
}

/**
 * Migrations whose name begins with another number than their idx. Only four digits (five from idx
 * 10000 on) are an index: 14 are a timestamp and 10 are unix time, and a project may have changed
 * its prefix half-way.
 */
export function misnamed(migrations: readonly JournalMigration[]): readonly JournalMigration[] {
  return migrations.filter(({ name: tag, journal: { idx } }) => {
    const prefix = prefixOf(tag) ?? '';
    return (
      (prefix.length === 4 || (prefix.length === 5 && idx >= 9_999)) && prefix !== indexPrefix(idx)
    );
  });
}

/**
 * The number that the name of a misnamed migration has. Who counts on from it, and not from its
 * idx, puts the numbers right again: only that migration is wrong, and to count on from the
 * idx would take a name twice.
 */
function numberInName(migration: JournalMigration): number {
  return misnamed([migration]).length === 0
    ? migration.journal.idx
    : Number(prefixOf(migration.name));
}

function numberProblem(
  migration: JournalMigration,
  before: JournalMigration | undefined,
): { aspect: string; sentence: string; expected: number } | undefined {
  const {
    name: tag,
    journal: { idx },
  } = migration;
  const expected = before === undefined ? 0 : before.journal.idx + 1;
  if (idx === expected || (before !== undefined && idx === numberInName(before) + 1))
    return undefined;
  const after =
    before === undefined
      ? 'the first entry'
      : `the entry after ${before.name} (idx ${before.journal.idx})`;
  if (before !== undefined && idx === before.journal.idx) {
    return {
      aspect: 'idx repeats',
      sentence:
        `${before.name} and ${tag} both have idx ${idx}: the next \`generate\` of either ` +
        "branch overwrites the other's files",
      expected,
    };
  }
  if (idx < expected)
    return {
      aspect: 'idx falls',
      sentence: `${tag} has idx ${idx}, and as ${after} it should have ${expected}`,
      expected,
    };
  const missing =
    idx - expected === 1 ? `${expected} is missing` : `${expected} to ${idx - 1} are missing`;
  return {
    aspect: 'idx gap',
    sentence: `${tag} has idx ${idx} and is ${after}: ${missing}`,
    expected,
  };
}

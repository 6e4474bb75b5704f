import type { JournalEntry, JournalHistory } from '../../history/history.ts';
import { journalPath, planUp, stampOf, type UpMove } from '../../history/layout.ts';
import { ORIGIN_ID } from '../../history/snapshot.ts';
import type { Dialect } from '../../model/dialect.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** What of a journal's history `drizzle-kit up` of 1.x would not just move. */
export interface Hindrance {
  readonly tag: string;
  /** What is there, and what `up` makes of it. */
  readonly text: string;
  /** What to do about it before. */
  readonly fix: string;
}

/**
 * What `drizzle-kit up` of 1.0.0-rc.5 would refuse, leave out or put in another order
 * (`src/cli/commands/up-*.ts`): run with histories of every kind. On PostgreSQL it plans first, and
 * refuses the whole; elsewhere it moves what it can.
 * @param files the paths of the tree
 * @param isPulled whether the first snapshot is that of `drizzle-kit pull`
 */
export function hindrances(
  { out, dialect }: { readonly out: RepoPath; readonly dialect: Dialect },
  entries: readonly JournalEntry[],
  files: { has(path: RepoPath): boolean; keys(): Iterable<RepoPath> },
  isPulled: boolean,
): readonly Hindrance[] {
  const plan = planUp(out, entries);
  return [
    ...(isPulled && dialect === 'postgresql' ? withoutId(plan) : []),
    ...plan.flatMap((move, at) => [
      ...missing(move, dialect, files),
      ...misplaced(out, move, plan[at - 1], dialect),
    ]),
  ];
}

/** `upPgHandler` takes the second migration for a first one: its parent has the root id. */
function withoutId([first, second]: readonly UpMove[]): readonly Hindrance[] {
  if (first === undefined || second === undefined) return [];
  return [
    {
      tag: first.tag,
      text:
        `the snapshot of ${first.tag}, which drizzle-kit pull made, has the root id as its own: ` +
        'it takes two migrations for the first, and refuses the whole history',
      fix:
        `Give it an id of its own, just before drizzle-kit up and in the same commit: in ` +
        `${first.snapshotPath} set \`id\` to a new UUID (node -p "crypto.randomUUID()") and ` +
        `\`prevId\` to ${ORIGIN_ID}, and in ${second.snapshotPath} set \`prevId\` to that UUID.`,
    },
  ];
}

function missing(
  { tag, snapshotPath, sqlPath }: UpMove,
  dialect: Dialect,
  files: { has(path: RepoPath): boolean; keys(): Iterable<RepoPath> },
): readonly Hindrance[] {
  if (!files.has(snapshotPath))
    return [
      {
        tag,
        text: `${snapshotPath} of ${tag} is missing: it stops there, with nothing moved`,
        fix: `Restore ${snapshotPath}, or take ${tag} out of the journal where no database needs it.`,
      },
    ];
  const start = `${sqlPath.slice(0, sqlPath.length - tag.length - '.sql'.length)}${tag.split('_')[0] ?? ''}_`;
  const named = [...files.keys()].filter((path) => path.startsWith(start) && path.endsWith('.sql'));
  if (files.has(sqlPath) || named.length === 1) return [];
  const then =
    dialect === 'postgresql'
      ? 'it refuses the whole history'
      : 'it leaves the migration out, with its snapshot, and exits with 0';
  return [{ tag, text: `${sqlPath} is missing: ${then}`, fix: `Restore ${sqlPath}.` }];
}

/**
 * Entries whose `when` rises within one second, in which `up` knows no order but that of the names:
 * they get one folder, or sort the other way round.
 */
export function inOneSecond(
  { out, migrations }: JournalHistory,
  dialect: Dialect,
): readonly Hindrance[] {
  const entries = migrations.map(({ journal }) => journal);
  return entries.flatMap((entry, at) => {
    const last = entries[at - 1];
    if (last === undefined || entry.when <= last.when || entry.when - last.when >= 1000) return [];
    const [before, move] = planUp(out, [last, entry]);
    return move !== undefined && before !== undefined && sameSecond(move, before)
      ? misplaced(out, move, before, dialect)
      : [];
  });
}

function misplaced(
  out: RepoPath,
  move: UpMove,
  before: UpMove | undefined,
  dialect: Dialect,
): readonly Hindrance[] {
  if (before === undefined) return [];
  const { tag, folder } = move;
  const order = folder.localeCompare(before.folder);
  if (order > 0 && folder > before.folder) return [];
  const what =
    folder === before.folder
      ? `${tag} and ${before.tag} get one folder, ${folder}`
      : `${tag} gets the folder ${folder}, which sorts before ${before.folder} of ${before.tag}`;
  const refuses = dialect === 'postgresql' || folder === before.folder;
  const then = refuses ? 'it stops there' : 'the migrator would run it earlier';
  const fix = sameSecond(move, before)
    ? renamed(out, move, before)
    : `In the journal, set \`when\` of ${tag} to at least a second (1000) after that of ` +
      `${before.tag}: databases that ran it know it by its SQL then.`;
  return [{ tag, text: `${what}: ${then}`, fix }];
}

function sameSecond(move: UpMove, before: UpMove): boolean {
  return stampOf(move.folder) === stampOf(before.folder);
}

/**
 * Another `when` would make databases run it again: 1.x takes a row of 0.x for the only migration of
 * its second, whatever its SQL is (`upToV1` in drizzle-orm), and that would be the other one.
 */
function renamed(out: RepoPath, { tag, sqlPath }: UpMove, before: UpMove): string {
  const [first = '', ...rest] = tag.split('_');
  const [, ...restBefore] = before.tag.split('_');
  const named = [first, ...restBefore, ...rest].join('_');
  return (
    `Name ${tag} ${named}, which sorts after ${before.tag}: its \`tag\` in ${journalPath(out)}, and ` +
    `${sqlPath} (git mv). Databases do not know its name, and know two of one second by their SQL.`
  );
}

import type { ProjectChange } from '../../facts/change.ts';
import type { Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Migration } from '../../history/history.ts';
import type { Unrecorded } from '../../facts/sql-origin/origin.ts';
import { listed } from '../../model/words.ts';
import { shellPath } from '../../model/shell-quote.ts';
import type { Place } from '../../facts/sql-origin/exceptions-in-sql.ts';

/** The last migration can be made anew with commands; one in the middle takes those after it along. */
export function makeAgain(
  { after, before }: ProjectChange,
  migration: Migration,
  text = 'Make the migration again:',
): readonly Fix[] {
  const { history, how } = after;
  const known = new Set(
    before.flatMap(({ history: then }) => then.migrations.map(({ journal }) => journal.tag)),
  );
  const others = history.migrations.filter(
    ({ journal }) => journal.tag !== migration.journal.tag && !known.has(journal.tag),
  );
  if (others.length > 0 || known.has(migration.journal.tag) || before.length === 0) {
    return [
      {
        text: `Take ${migration.journal.tag} and what comes after it out of ${history.journalPath}, delete their SQL and snapshots, and generate again:`,
        run: how.generate,
      },
    ];
  }
  const files = [migration.sqlPath, migration.snapshotPath].map(shellPath).join(' ');
  const back = `git restore --source=${before[0]?.rev ?? 'HEAD'} --staged --worktree -- ${shellPath(history.journalPath)}`;
  return [
    {
      text,
      run: `git rm -f -- ${files}\n${back}\n${how.generate}\ngit add ${shellPath(history.out)}`,
    },
  ];
}

/** For what drizzle-kit repeats for want of a snapshot: made again, it would come back each time. */
export function giveSnapshots(
  change: ProjectChange,
  migration: Migration,
  from: readonly Unrecorded[],
): readonly Fix[] {
  const tags = listed(from.map(({ tag }) => tag));
  const [its, snapshots] =
    from.length === 1 ? ['its snapshot', 'the snapshot'] : ['their snapshots', 'the snapshots'];
  const paths = (of: (one: Unrecorded) => RepoPath): string =>
    from.map((one) => shellPath(of(one))).join(' ');
  return [
    {
      text: `Generating again would repeat them again, as long as ${tags} ${from.length === 1 ? 'has no snapshot' : 'have no snapshots'}. Look for ${its} on every branch, and bring back what is there:`,
      run: `git log --all --oneline -- ${paths(({ snapshotPath }) => snapshotPath)}`,
    },
    {
      text: `Where nobody has ${snapshots}: in a second working tree of the commit that brought the SQL, take ${tags} out of the journal, delete the SQL, generate, and copy only the snapshot that this makes to ${listed(from.map(({ snapshotPath }) => snapshotPath))}. That commit is:`,
      run: `git log --diff-filter=A --oneline -- ${paths(({ sqlPath }) => sqlPath)}`,
    },
    ...makeAgain(change, migration, 'Then make this migration again:'),
  ];
}

export function moveOut({ after }: ProjectChange): readonly Fix[] {
  return [
    {
      text: 'SQL of your own belongs into a migration of its own; take it out here, make one, and put it there:',
      run: after.how.generateCustom,
    },
  ];
}

/** Published SQL stays as it is, to the byte: only the snapshot beside it can be made to agree. */
export function keepSql(
  { after }: ProjectChange,
  { journal: { tag }, snapshotPath }: Migration,
): readonly Fix[] {
  return [
    {
      text: `The SQL is published and has to stay: let ${snapshotPath} say what it does and no more. Then make a new migration for what the schema has besides:`,
      run: after.how.generate,
    },
    {
      text: `Or, where the difference is meant, give the reason under \`allow\` in the guard's config: { "rule": "sql-edited", "migration": ${JSON.stringify(tag)}, "reason": "<reason>" }.`,
    },
  ];
}

/** The way out where the edit is meant, as drizzle-kit's own SQL may be at fault: the line to write, and where. */
export function sayWhy(path: RepoPath, places: readonly Place[]): Fix {
  const lines = places.flatMap((place) => (place === 'end' ? [] : [String(place)]));
  const above =
    lines.length === 0
      ? []
      : [
          lines.length === 1
            ? `above line ${lines[0]}`
            : `above each of the lines ${listed(lines)}`,
        ];
  const where = listed([...above, ...(places.includes('end') ? ['at the end'] : [])]);
  return {
    text: `Or, where the edit is meant (drizzle-kit's own SQL would fail, say), leave it and give the reason: the line "-- guard-allow sql-edited: <reason>" ${where} of ${path}.`,
  };
}

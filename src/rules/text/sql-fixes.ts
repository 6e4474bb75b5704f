import type { ProjectChange, ProjectState } from '../../facts/change.ts';
import type { Fix, Start } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Migration } from '../../history/history.ts';
import type { Unrecorded } from '../../facts/sql-origin/origin.ts';
import { generateAndAdd } from './fixes.ts';
import { startAgain } from './start-again.ts';
import { listed } from '../../model/words.ts';
import { pathspec } from '../../model/shell-quote.ts';
import type { Position } from '../../facts/sql-origin/exceptions-in-sql.ts';

/**
 * For SQL that drizzle-kit repeats because a snapshot is missing: generated again, it would come
 * back each time.
 */
export function giveSnapshots(
  state: ProjectState,
  from: readonly Unrecorded[],
  start: Start | undefined,
): readonly Fix[] {
  const tags = listed(from.map(({ tag }) => tag));
  const [its, snapshots] =
    from.length === 1 ? ['its snapshot', 'the snapshot'] : ['their snapshots', 'the snapshots'];
  const paths = (of: (one: Unrecorded) => RepoPath): string =>
    from.map((one) => pathspec(of(one))).join(' ');
  return [
    {
      text:
        'Generating again would repeat them, as long ' +
        `as ${tags} ${from.length === 1 ? 'has no snapshot' : 'have no snapshots'}. Search ` +
        `every branch for ${its}, and restore what is there:`,
      run: `git log --all --oneline -- ${paths(({ snapshotPath }) => snapshotPath)}`,
    },
    {
      text:
        `If nobody has ${snapshots}: in a second working tree of the commit that added the SQL, ` +
        `remove ${tags} from the journal, delete the SQL, generate, and copy only the new ` +
        `snapshot to ${listed(from.map(({ snapshotPath }) => snapshotPath))}. That commit is:`,
      run: `git log --diff-filter=A --oneline -- ${paths(({ sqlPath }) => sqlPath)}`,
    },
    ...startAgain(state, start, 'Then '),
  ];
}

/** Published SQL stays as it is, to the byte: only its snapshot can be changed. */
export function keepSql(
  { after }: ProjectChange,
  { name: tag, snapshotPath }: Migration,
): readonly Fix[] {
  return [
    generateAndAdd(
      `The SQL is published and has to stay: make ${snapshotPath} describe what it does, and ` +
        'no more. Then make a new migration for the rest of the schema:',
      after,
    ),
    {
      text:
        "Or, if the difference is intended, give the reason under `allow` in the guard's " +
        `config: { "rule": "sql-edited", "migration": ${JSON.stringify(tag)}, "reason": ` +
        '"<reason>" }.',
    },
  ];
}

/** For an intended edit, as drizzle-kit's own SQL may be wrong: the line to write, and where. */
export function sayWhy(path: RepoPath, positions: readonly Position[]): Fix {
  return {
    text:
      "Or, if the edit is intended (because drizzle-kit's own SQL would fail, for example), " +
      'keep it and write the reason: the line "-- guard-allow sql-edited: ' +
      `<reason>" ${placed(positions)} of ${path}.`,
  };
}

/** Where comments have to stand: "above line 4", "above each of the lines 4 and 9 and at the end". */
export function placed(positions: readonly Position[]): string {
  const lines = positions.flatMap((at) => (at === 'end' ? [] : [String(at)]));
  const above =
    lines.length === 1 ? `above line ${lines[0]}` : `above each of the lines ${listed(lines)}`;
  return listed([
    ...(lines.length === 0 ? [] : [above]),
    ...(positions.includes('end') ? ['at the end'] : []),
  ]);
}

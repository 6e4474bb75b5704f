import { readOne } from '../git/trees/tree.ts';
import { folderSnapshots } from '../facts/folder-snapshots.ts';
import { generatedText } from '../facts/sql-origin/exceptions-in-sql.ts';
import type { FolderHistory, FolderMigration } from '../history/history.ts';
import { isFolders } from '../history/history.ts';
import { folderSnapshotPath, folderSqlPath } from '../history/layout.ts';
import { readHistory } from '../history/read.ts';
import { folderMigrationsJs } from '../rebase/bundle.ts';
import { jsonBytes } from '../rebase/bytes.ts';
import { nameBehind, snapshotOf } from '../rebase/folders/write.ts';
import type { NewFile } from '../rebase/input.ts';
import { namePart } from '../rebase/own.ts';
import type { FolderSnapshot } from '../schema/folders.ts';
import type { Rename, RenameQuestion } from '../schema/worker/protocol.ts';
import { byHand, changedIn, revertName } from './by-hand.ts';
import type { RevertStop } from './outcome.ts';
import { broken, type Undoing, type UndoneStep, type Ways } from './ways.ts';

/** The ways back with a folder for each migration (drizzle-kit 1.x). */
export async function waysOfFolders(undoing: Undoing): Promise<Ways | RevertStop> {
  const { project, tree, undone, evaluator, commit, now } = undoing;
  const history = await readHistory(tree, project.out, { layout: 'folders' });
  if (!isFolders(history)) return broken([history.orderPath], 'is a journal');
  const snapshots = folderSnapshots(history);
  if (snapshots === undefined) return broken([project.out], 'has a snapshot that cannot be read');
  const names = new Set(undone.map(({ name }) => name));
  const rest = snapshots.filter(({ folder }) => !names.has(folder));
  const stay = history.migrations.filter(({ name }) => !names.has(name));
  const isNewest = !comeFrom(stay, history, names);
  const [start, before] = await Promise.all([
    evaluator.base(project, snapshots),
    isNewest ? evaluator.base(project, rest) : undefined,
  ]);
  if (start.status !== 'ok') return broken([project.out], whyNot(start));
  if (before !== undefined && before.status !== 'ok') return broken([project.out], whyNot(before));
  const steps: (UndoneStep & { readonly renames: readonly Rename[] })[] = [];
  for (const one of history.migrations.filter(({ name }) => names.has(name))) {
    const step = await readStep(undoing, snapshots, one);
    if ('reason' in step) return step;
    steps.push(step);
  }
  const later: (readonly Rename[])[] = [];
  if (steps.some(({ renames }) => renames.length > 0))
    for (const one of stay.filter(({ position }) => position > (undone[0]?.position ?? 0))) {
      const step = await readStep(undoing, snapshots, one);
      later.push('reason' in step ? [] : step.renames);
    }
  return {
    now: start.state,
    ...(before === undefined ? {} : { before: { state: before.state } }),
    steps,
    recorded: { undone: steps.map(({ renames }) => renames), later },
    addMigration: (made) => {
      const named = { name: revertName([...names], namePart), stamp: Number.NaN };
      const name = nameBehind(named, snapshots, now);
      const sql = generatedText(made.statements, project);
      const snapshot = snapshotOf(made.snapshot ?? {}, commit, start.parents);
      const files = [
        { path: folderSqlPath(project.out, name), bytes: new TextEncoder().encode(sql) },
        { path: folderSnapshotPath(project.out, name), bytes: jsonBytes(snapshot, undefined) },
      ];
      const listed = [...history.migrations.map((one) => one.name), name];
      return { name, sql, removed: [], files: [...files, ...bundleOf(undoing, history, listed)] };
    },
    takeAway: () => ({
      files: bundleOf(
        undoing,
        history,
        stay.map(({ name }) => name),
      ),
      removed: history.migrations
        .filter(({ name }) => names.has(name))
        .flatMap(({ sql, snapshot }) => [sql?.path ?? [], snapshot?.path ?? []].flat()),
    }),
  };
}

/** Whether one of these was made on top of one that goes back. */
function comeFrom(
  stay: readonly FolderMigration[],
  { migrations }: FolderHistory,
  names: ReadonlySet<string>,
): boolean {
  const ids = new Set(
    migrations.flatMap(({ name, snapshot }) =>
      names.has(name) && snapshot?.snapshot.status === 'ok' ? [snapshot.snapshot.id] : [],
    ),
  );
  return stay.some(
    ({ snapshot }) =>
      snapshot?.snapshot.status === 'ok' && snapshot.snapshot.prevIds.some((id) => ids.has(id)),
  );
}

async function readStep(
  { project, tree, evaluator }: Undoing,
  snapshots: readonly FolderSnapshot[],
  { name, sqlPath, snapshot }: FolderMigration,
): Promise<(UndoneStep & { readonly renames: readonly Rename[] }) | RevertStop> {
  const bytes = await readOne(tree, sqlPath);
  if (bytes === undefined) return broken([sqlPath], 'is missing');
  const sql = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (snapshot === undefined)
    return { name, isCustom: true, changed: [], byHand: byHand(sql, [], project), renames: [] };
  const change = await evaluator.around(project, snapshots, name);
  if (change.status !== 'ok') return broken([snapshot.path], whyNot(change));
  const made = await evaluator.generate(project, change.before, change.after, { sql });
  if (made.status !== 'answered') throw new TypeError('a question was not answered');
  return {
    name,
    isCustom: made.statements.length === 0,
    changed: changedIn(change.before, change.after),
    byHand: byHand(sql, made.statements, project),
    renames: (made.questions ?? []).flatMap(renameOf),
  };
}

function renameOf({ kind, table, name, answer }: RenameQuestion): readonly Rename[] {
  if (answer === undefined) return [];
  return [{ kind, from: answer, to: name, ...(table === undefined ? {} : { table }) }];
}

function whyNot(answer: { readonly status: string } & object): string {
  if ('problems' in answer && Array.isArray(answer.problems))
    return String((answer.problems[0] as { readonly message?: unknown } | undefined)?.message);
  return 'has branches that drizzle-kit does not put together';
}

function bundleOf(
  { project }: Undoing,
  { bundle }: FolderHistory,
  names: readonly string[],
): readonly NewFile[] {
  if (bundle === undefined) return [];
  const bytes = new TextEncoder().encode(folderMigrationsJs(names, project.driver));
  return [{ path: bundle.path, bytes }];
}

import { isFolders, type History, type Migration } from '../history/history.ts';
import { migrationsNamed } from '../history/named.ts';
import { sameMigration } from '../history/same-migration.ts';
import type { Tree } from '../git/trees/tree.ts';
import { undone } from '../schema/diff/undone.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import { shorten } from '../sql/tokens/visible.ts';
import type { StateBefore } from './change.ts';
import { folderSnapshots } from './folder-snapshots.ts';
import { excuse, generatedStatements } from './sql-origin/exceptions-in-sql.ts';
import { parentOf, readOrigin, sqlOf, type ReadRequest } from './sql-origin/read-origin.ts';

interface Parents extends Omit<ReadRequest, 'isFirst'> {
  /** The parents of a merge, each with its tree. */
  readonly before: readonly (StateBefore & { readonly tree: Tree })[];
  readonly mergeBase: History;
}

/**
 * What the own migrations of a merge's parent did and the merge does not do: things of the schema, and
 * statements that somebody wrote. Without these, nobody's work is lost where the migrations of one
 * parent are made again, or left out, as those of the other do the same.
 * @param at which of the parents
 * @returns undefined where that is not known, or all of its migrations are there as they were
 */
export async function lostInMerge(
  at: number,
  request: Parents,
): Promise<readonly string[] | undefined> {
  const { before, mergeBase, after, tree } = request;
  const { history, project } = after;
  const side = before[at];
  const others = before.filter((_, position) => position !== at).map((one) => one.history);
  if (side === undefined || side.journal !== undefined) return undefined;
  const moved = side.history.migrations.filter((one) => !isIn([mergeBase, history], one));
  if (moved.length === 0) return undefined;
  const isMadeAgain = history.migrations.some((one) => !isIn([mergeBase, ...others], one));
  const [start, made, now] = await Promise.all(
    [mergeBase, side.history, history].map((one) => stateOf(one, request)),
  );
  if (start === undefined || made === undefined || now === undefined) return undefined;
  const things = undone(start, made, now, { isMadeAgain });
  const there = new Set<string>();
  for (const one of history.migrations.filter((migration) => !isIn([mergeBase], migration)))
    for (const { key } of splitStatements((await sqlOf(one, tree)) ?? '', project.dialect))
      there.add(key);
  const missing = await byHand(moved, side, request, there);
  if (missing === undefined) return things.length === 0 ? undefined : things;
  return [...things, ...missing.map(({ source }) => shorten(source, 80))];
}

/** Whether one of the histories has a migration as it is. */
function isIn(histories: readonly History[], one: Migration): boolean {
  return histories.some((other) =>
    migrationsNamed(other, one.name).some((its) => sameMigration(its, one)),
  );
}

/**
 * The statements of migrations that drizzle-kit does not generate; undefined where it cannot be asked.
 * @param there the keys of those that are not looked for
 */
async function byHand(
  migrations: readonly Migration[],
  { tree, history }: Parents['before'][number],
  request: Parents,
  there: ReadonlySet<string>,
): Promise<readonly Statement[] | undefined> {
  const found: Statement[] = [];
  const { project } = request.after;
  for (const one of migrations) {
    const sql = (await sqlOf(one, tree)) ?? '';
    const others = splitStatements(sql, project.dialect).filter(({ key }) => !there.has(key));
    if (others.length === 0) continue;
    const after = { ...request.after, history };
    const asked = { ...request, tree, after, isFirst: false };
    const origin = await readOrigin(one, asked, await parentOf(one, history, tree));
    if (origin?.kind === 'not-compared' || origin?.kind === 'unverifiable') return undefined;
    if (origin?.kind === 'generated' || origin?.kind === 'introspected') continue;
    const expected = origin?.kind === 'edited' ? origin.expected : [];
    const generated = new Set(generatedStatements(expected, project).map(({ key }) => key));
    // What was changed without a reason was refused; the schema says what it stands for.
    const { unexcused } = excuse({ expected, sql }, project, request.excusedAs);
    for (const step of unexcused) if (step.kind === 'changed') generated.add(step.actual.key);
    found.push(...others.filter(({ key }) => !generated.has(key)));
  }
  return found;
}

/** The schema after all migrations; undefined where that cannot be read. */
async function stateOf(history: History, { after, evaluator }: Parents): Promise<Json | undefined> {
  if (history.layout !== after.history.layout) return undefined;
  if (history.migrations.length === 0) return {};
  if (!isFolders(history)) {
    const newest = history.newest?.snapshot;
    return newest?.status === 'ok' ? newest.json : undefined;
  }
  const snapshots = folderSnapshots(history);
  if (snapshots === undefined || !evaluator.evaluates) return undefined;
  const base = await evaluator.base(after.project, snapshots);
  return base.status === 'ok' ? (base.state ?? {}) : undefined;
}

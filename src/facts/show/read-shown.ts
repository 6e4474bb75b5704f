import { readOne, type Tree } from '../../git/trees/tree.ts';
import { isFolders, type History, type Migration } from '../../history/history.ts';
import { isPulled, parseSnapshot } from '../../history/snapshot.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import { actionsOf } from '../review/review.ts';
import { renamesOf } from '../review/renames.ts';
import { readStatements } from '../review/statement.ts';
import { parentOf, sqlOf } from '../sql-origin/read-origin.ts';
import { cannotShow, unreadable, type Between, type ShownRequest } from './between.ts';
import { shownChange } from './compare-shown.ts';
import { foldersBetween } from './folder-states.ts';
import type { ShownChange } from './shown.ts';

/** A migration that is shown. */
export interface ShownMigration {
  readonly name: string;
  readonly sqlPath: RepoPath;
  /** Undefined where the file is missing. */
  readonly sql: string | undefined;
}

/** What some migrations of a project change, in pictures. */
export interface ShownProject {
  /** Its name: the path of its config. */
  readonly project: string;
  readonly dialect: Project['dialect'];
  readonly migrations: readonly ShownMigration[];
  /** One of the combined change; more where other migrations are between them. */
  readonly pictures: readonly ShownPicture[];
}

export interface ShownPicture {
  /** Names of the migrations that it is of. */
  readonly of: readonly string[];
  readonly change: ShownChange;
  /** What a reader has to know of it; sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads what migrations of one project change. Those that follow each other are one change: what a
 * reviewer approves is where the schema goes, and not the steps on the way.
 * @param named some of `history.migrations`, in their order
 * @throws GuardError `evaluation-failed` where a snapshot is missing or cannot be read.
 */
export async function readShown(
  request: ShownRequest,
  named: readonly Migration[],
): Promise<ShownProject> {
  const { tree, project, history } = request;
  const migrations = await Promise.all(
    named.map(async (one) => ({
      name: one.name,
      sqlPath: one.sqlPath,
      sql: await sqlOf(one, tree),
    })),
  );
  const all = isFolders(history)
    ? await foldersBetween(request, history, named)
    : await Promise.all(runsOf(named).map((run) => journalBetween(request, run)));
  return {
    project: project.name,
    dialect: project.dialect,
    migrations,
    pictures: all.map(({ of, before, after, notes = [] }) => {
      const sql = migrations.filter(({ name }) => of.some((one) => one.name === name));
      const actions = sql.flatMap((one) =>
        actionsOf(readStatements(one.sql ?? '', project.dialect)),
      );
      return {
        of: of.map(({ name }) => name),
        change: shownChange(before, after, renamesOf(actions, after)),
        notes,
      };
    }),
  };
}

/** Migrations that follow each other, each run for itself. */
function runsOf(named: readonly Migration[]): readonly (readonly Migration[])[] {
  const runs: Migration[][] = [];
  for (const one of named) {
    const last = runs.at(-1);
    if (last?.at(-1)?.position === one.position - 1) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** From the snapshot before the first to that of the last which has one. */
async function journalBetween(
  { tree, history }: ShownRequest,
  run: readonly Migration[],
): Promise<Between> {
  const read = await Promise.all(run.map((one) => withSnapshot(one, history, tree)));
  const known = read.filter(({ snapshot }) => snapshot !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (first?.snapshot?.snapshot.status !== 'ok' || last?.snapshot?.snapshot.status !== 'ok')
    throw cannotShow(`${run.map(({ name }) => name).join(', ')} has no snapshot`);
  const parent = await parentOf(first, history, tree);
  if (parent?.read === 'missing')
    throw cannotShow(
      `the snapshot before ${first.name} is not there: no earlier one has the id ${first.snapshot.snapshot.prevId}`,
    );
  const without = read.filter(({ snapshot }) => snapshot === undefined).map(({ name }) => name);
  return {
    of: run,
    before: parent?.read.json,
    after: last.snapshot.snapshot.json,
    notes: [
      ...(without.length === 0
        ? []
        : [`Without a snapshot, and so not in the picture: ${without.join(', ')}.`]),
      ...(isPulled(first.snapshot.snapshot)
        ? [`${first.name} was pulled from a database that has all of it.`]
        : []),
    ],
  };
}

/**
 * A migration with its snapshot read; without it where the file is missing, or is that of a later
 * one too (`prefix: 'none'`).
 */
async function withSnapshot(
  migration: Migration,
  { migrations }: History,
  tree: Tree,
): Promise<Migration> {
  const { snapshot: file, ...rest } = migration;
  const owner = migrations.findLast(({ snapshot }) => snapshot?.path === file?.path);
  if (file === undefined || owner?.position !== migration.position) return rest;
  const bytes = file.snapshot.status === 'unread' ? await readOne(tree, file.path) : undefined;
  const snapshot = bytes === undefined ? file.snapshot : parseSnapshot(bytes);
  if (snapshot.status === 'invalid') throw unreadable(file.path, snapshot.problems);
  return { ...rest, snapshot: { ...file, snapshot } };
}

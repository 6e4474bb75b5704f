import { readOne, type Tree } from '../../git/trees/tree.ts';
import { isFolders, type History, type Migration } from '../../history/history.ts';
import { parseSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import { toAbsolute } from '../../model/repo-path.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { Squawked } from '../../schema/squawk.ts';
import { folderSnapshots } from '../folder-snapshots.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import { isPublished, type Published } from '../change.ts';
import type { SqlOrigin } from '../sql-origin/origin.ts';
import { parentOf, sqlOf } from '../sql-origin/read-origin.ts';
import { wholeStates } from '../whole-states.ts';
import { reviewOf, type Review, type SaidOfDatabases } from './review.ts';

interface ReviewsRequest {
  readonly tree: Tree;
  readonly project: Project;
  readonly evaluator: Evaluator;
  readonly history: History;
  readonly published: Published;
  /** Of each migration that is new in the change. */
  readonly origins: ReadonlyMap<string, SqlOrigin>;
  readonly said: SaidOfDatabases;
  /** Absolute, of the repository. */
  readonly top: string;
}

/**
 * The migrations that a change adds and that nobody has applied yet, each with what it does. A
 * published one that the change edits is not reviewed: it is refused.
 */
export async function readReviews(request: ReviewsRequest): Promise<readonly Review[]> {
  const { tree, project, history, published, origins } = request;
  const reviews: Review[] = [];
  for (const migration of history.migrations) {
    const origin = origins.get(migration.name);
    if (origin === undefined || origin.kind === 'introspected') continue;
    if (isRecorded(migration, published)) continue;
    // Of the folders that the change leaves alone nothing is known: databases may have them all.
    const isOut = (one: Migration): boolean =>
      isPublished(published, one) || (one.journal === undefined && !origins.has(one.name));
    const upTo = history.migrations.slice(0, migration.position);
    const { before, after, position } = await pairOf(migration, request);
    const last = upTo.findLast(isOut);
    const squawk = await squawked(request, origin.sql);
    reviews.push(
      reviewOf({
        tag: migration.name,
        sqlPath: migration.sqlPath,
        dialect: project.dialect,
        ...(project.driver === undefined ? {} : { driver: project.driver }),
        sql: origin.sql,
        said: request.said,
        ...(squawk === undefined ? {} : { squawk }),
        before,
        after,
        published: isFolders(history)
          ? 'all but earlier'
          : last === undefined || last.position === position
            ? last && before
            : ((await jsonOf(last, tree)) ?? before),
        earlier: await Promise.all(
          upTo
            .filter((one) => !isOut(one))
            .map(async (one) => origins.get(one.name)?.sql ?? (await sqlOf(one, tree)) ?? ''),
        ),
      }),
    );
  }
  return reviews;
}

/** Undefined where it is not asked, or nothing is run. */
async function squawked(
  { project, evaluator, said, top }: ReviewsRequest,
  sql: string,
): Promise<Squawked | undefined> {
  if (said.squawk !== true || project.dialect !== 'postgresql' || !evaluator.evaluates)
    return undefined;
  const { runSquawk } = await import('../../schema/squawk.ts');
  return runSquawk(toAbsolute(top, project.base), sql);
}

interface Pair {
  readonly before: Json | undefined;
  /** Undefined where one of the two cannot be read. */
  readonly after: Json | undefined;
  /** Where the one before is in the history. */
  readonly position: number | undefined;
}

/** The snapshots before and after a migration; in the folder layout the states, as it may have several parents. */
async function pairOf(
  migration: Migration,
  { tree, project, history, evaluator }: ReviewsRequest,
): Promise<Pair> {
  const snapshot = migration.snapshot?.snapshot;
  const parent = await parentOf(migration, history, tree);
  const position = parent?.position;
  if (isFolders(history)) {
    const whole = wholeStates(migration, parent, history);
    if (whole !== undefined) return { ...whole, position };
    // One of 0.31 does not read them, which journal-invalid says.
    const isRead = evaluator.evaluates && (await evaluator.layout(project)) === 'folders';
    const snapshots = isRead ? folderSnapshots(history) : undefined;
    const states = snapshots && (await evaluator.around(project, snapshots, migration.name));
    return states?.status === 'ok'
      ? { before: states.before, after: states.after, position }
      : { before: undefined, after: undefined, position };
  }
  const before = parent === undefined || parent.read === 'missing' ? undefined : parent.read.json;
  const isPair = snapshot?.status === 'ok' && parent?.read !== 'missing';
  return { before, after: isPair ? snapshot.json : undefined, position };
}

function isRecorded({ sql, sqlPath }: Migration, published: ReviewsRequest['published']): boolean {
  return (
    published.base(sqlPath) !== undefined ||
    (sql !== undefined && published.hasContent(sql.path, sql.entry.oid))
  );
}

/** The snapshot of a migration, whatever was read of it so far. */
async function jsonOf({ snapshot: file }: Migration, tree: Tree): Promise<Json | undefined> {
  if (file === undefined) return undefined;
  const bytes = file.snapshot.status === 'unread' ? await readOne(tree, file.path) : undefined;
  const snapshot = bytes === undefined ? file.snapshot : parseSnapshot(bytes);
  return snapshot.status === 'ok' ? snapshot.json : undefined;
}

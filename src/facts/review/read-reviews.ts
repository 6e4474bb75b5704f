import { readOne, type Tree } from '../../git/trees/tree.ts';
import type { History, Migration } from '../../history/history.ts';
import { parseSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import { isPublished, type Published } from '../change.ts';
import type { SqlOrigin } from '../sql-origin/origin.ts';
import { parentOf, sqlOf } from '../sql-origin/read-origin.ts';
import { reviewOf, type Review } from './review.ts';

interface ReviewsRequest {
  readonly tree: Tree;
  readonly project: Pick<Project, 'dialect' | 'driver'>;
  readonly history: History;
  readonly published: Published;
  /** Of each migration that is new in the change. */
  readonly origins: ReadonlyMap<string, SqlOrigin>;
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
    const parent = await parentOf(migration, history, tree);
    const before = parent === undefined || parent.read === 'missing' ? undefined : parent.read.json;
    const last = upTo.findLast(isOut);
    const snapshot = migration.snapshot?.snapshot;
    const isPair = snapshot?.status === 'ok' && parent?.read !== 'missing';
    reviews.push(
      reviewOf({
        tag: migration.name,
        sqlPath: migration.sqlPath,
        dialect: project.dialect,
        ...(project.driver === undefined ? {} : { driver: project.driver }),
        sql: origin.sql,
        before,
        after: isPair ? snapshot.json : undefined,
        published:
          last === undefined || last.position === parent?.position
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

import type { ProjectState, StateBefore } from '../change.ts';
import { readOne, sameEntry, type Tree } from '../../git/trees/tree.ts';
import type { Migration, Snapshot } from '../../history/history.ts';
import { ORIGIN_ID, parseSnapshot } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import type { Provenance, Unrecorded } from './origin.ts';
import { isWritten } from '../../history/written-dialect.ts';
import { excuse, generatedStatements } from './exceptions-in-sql.ts';
import { SnapshotRefused } from '../../schema/kit/snapshot-refused.ts';
import { compareStatements } from '../../sql/compare.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { Evaluator } from '../../schema/evaluator.ts';

export interface ProvenanceRequest {
  readonly tree: Tree;
  readonly after: Pick<ProjectState, 'project' | 'history' | 'snapshotVersion'>;
  readonly before: readonly StateBefore[];
  readonly evaluator: Evaluator;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /**
   * Where something recorded is judged, which another drizzle-kit than the installed one may have written; `top`: absolute
   * path of the repository, where the installed one is looked for. Of what is recorded only now the installed one decides.
   */
  readonly history?: { readonly top: string };
}

type Read = Extract<Snapshot, { status: 'ok' }>;

/**
 * Where the SQL of each migration that is new in this change comes from, by tag: drizzle-kit is asked for what it
 * generates between the migration's two snapshots. A migration that a tree before has, file for file, is not asked about.
 */
export async function readProvenance(
  request: ProvenanceRequest,
): Promise<ReadonlyMap<string, Provenance>> {
  const { after, before } = request;
  const found = new Map<string, Provenance>();
  for (const migration of after.history.migrations) {
    if (
      !isNew(migration, before) ||
      isShared(migration, after.history.migrations) ||
      after.history.sqlProblems.has(migration.sqlPath)
    )
      continue;
    const provenance = await provenanceOf(migration, request);
    if (provenance !== undefined) found.set(migration.journal.tag, provenance);
  }
  return found;
}

function isNew(
  { journal: { tag }, sql, snapshot }: Migration,
  before: readonly StateBefore[],
): boolean {
  return !before.some(({ history }) =>
    history.migrations.some(
      (then) =>
        then.journal.tag === tag &&
        sameEntry(then.sql?.entry, sql?.entry) &&
        sameEntry(then.snapshot?.entry, snapshot?.entry),
    ),
  );
}

/** With `prefix: 'none'` all migrations claim one snapshot, and each overwrites the one before: nothing can be compared. */
function isShared(
  { position, snapshotPath }: Migration,
  migrations: readonly Migration[],
): boolean {
  return migrations.some(
    (other) => other.position !== position && other.snapshotPath === snapshotPath,
  );
}

/** Undefined where a file is missing or cannot be read: that is a finding of another rule. */
async function provenanceOf(
  migration: Migration,
  request: ProvenanceRequest,
): Promise<Provenance | undefined> {
  const {
    tree,
    after: { project, history, snapshotVersion },
  } = request;
  const cur = migration.snapshot?.snapshot;
  const sql = await sqlOf(migration, tree);
  if (cur?.status !== 'ok' || sql === undefined) return undefined;
  const parent = await parentOf(migration, cur, history.migrations, tree);
  if (parent === 'missing')
    return {
      kind: 'unverifiable',
      sql,
      why: `its snapshot's parent ${cur.prevId} is not in the history`,
    };
  if (!request.evaluator.evaluates) return unasked(parent?.read, cur, sql);
  const foreign = [cur, ...(parent === undefined ? [] : [parent.read])].find(
    (one) => Number(one.version) !== snapshotVersion || !isWritten(one.dialect, project.dialect),
  );
  if (foreign !== undefined)
    return {
      kind: 'unverifiable',
      sql,
      why: `the installed drizzle-kit does not read snapshots of version ${foreign.version} (${foreign.dialect})`,
    };
  const provenance = await compared(project, parent?.read, cur, sql, request.evaluator);
  if (provenance.kind !== 'edited') return provenance;
  const between = history.migrations.slice((parent?.position ?? -1) + 1, migration.position);
  return (
    (await writtenByAnother(provenance, request)) ?? {
      ...provenance,
      unrecorded: await unrecordedOf(between, tree),
    }
  );
}

/** What the two snapshots tell by themselves. */
async function unasked(parent: Read | undefined, cur: Read, sql: string): Promise<Provenance> {
  const { sameButForIds } = await import('../../schema/kit/generate.ts');
  return {
    kind: parent !== undefined && sameButForIds(parent.json, cur.json) ? 'custom' : 'unasked',
    sql,
  };
}

async function compared(
  project: Project,
  parent: Read | undefined,
  cur: Read,
  sql: string,
  evaluator: Evaluator,
): Promise<Provenance> {
  try {
    const generated = await evaluator.generate(project, parent?.json, cur.json, { sql });
    if (generated.status !== 'answered')
      return {
        kind: 'unverifiable',
        sql,
        why: 'drizzle-kit asks a question that the migration does not answer',
      };
    if (generated.statements.length === 0) return { kind: 'custom', sql };
    const actual = splitStatements(sql, project.dialect);
    if (actual.length === 0 && parent === undefined && INTROSPECTED.test(sql))
      return { kind: 'introspected', sql };
    const expected = generatedStatements(generated.statements, project.dialect);
    return compareStatements(expected, actual).same
      ? { kind: 'generated', sql }
      : { kind: 'edited', sql, expected: generated.statements };
  } catch (error) {
    if (!(error instanceof SnapshotRefused)) throw error;
    return { kind: 'unverifiable', sql, why: error.message };
  }
}

type Edited = Extract<Provenance, { kind: 'edited' }>;

/**
 * Another minor version of drizzle-kit writes other SQL (0.30 and 0.31 alter the columns of a changed enum in other words):
 * where the tree's own files name another than the installed one, nothing can be said about what is recorded.
 */
async function writtenByAnother(
  edited: Edited,
  { tree, after: { project }, history, excusedAs }: ProvenanceRequest,
): Promise<Provenance | undefined> {
  if (history === undefined || excuse(edited, project.dialect, excusedAs).unexcused.length === 0)
    return undefined;
  const [{ declaredKitVersion, minorOf }, { findKit }] = await Promise.all([
    import('../../project/scripts/declared-kit-version.ts'),
    import('../../schema/kit/find-kit.ts'),
  ]);
  const named = await declaredKitVersion(tree, project.base);
  const { version } = findKit(history.top, project.base, '');
  if (named === undefined || minorOf(named.version) === minorOf(version)) return undefined;
  return {
    kind: 'unverifiable',
    sql: edited.sql,
    why: `${named.path} names ${named.version}`,
    by: version,
  };
}

/** Those of the migrations that have SQL and no snapshot. */
async function unrecordedOf(
  migrations: readonly Migration[],
  tree: Tree,
): Promise<readonly Unrecorded[]> {
  const found = migrations
    .filter(({ snapshot }) => snapshot === undefined)
    .map(async (one) => {
      const sql = await sqlOf(one, tree);
      return sql === undefined
        ? []
        : [{ tag: one.journal.tag, sqlPath: one.sqlPath, snapshotPath: one.snapshotPath, sql }];
    });
  return (await Promise.all(found)).flat();
}

async function sqlOf({ sql }: Migration, tree: Tree): Promise<string | undefined> {
  const bytes = sql === undefined ? undefined : await readOne(tree, sql.path);
  return bytes === undefined ? undefined : new TextDecoder('utf-8').decode(bytes);
}

/** What `drizzle-kit pull` puts at the head of its first migration, whose SQL is all inside a comment (writeResult). */
const INTROSPECTED =
  /^\uFEFF?\s*-- Current sql file was generated after introspecting the database/;

/** The snapshot that the migration was made from: the one it names, else the nearest before it. */
async function parentOf(
  migration: Migration,
  cur: Read,
  migrations: readonly Migration[],
  tree: Tree,
): Promise<{ readonly read: Read; readonly position: number } | undefined | 'missing'> {
  if (cur.prevId === ORIGIN_ID) return undefined;
  const earlier = migrations.slice(0, migration.position).toReversed();
  for (const { snapshot, position } of earlier) {
    if (snapshot === undefined) continue;
    const read =
      snapshot.snapshot.status === 'unread'
        ? parsed(await readOne(tree, snapshot.path))
        : snapshot.snapshot;
    if (read?.status === 'ok' && read.id === cur.prevId) return { read, position };
  }
  return 'missing';
}

function parsed(bytes: Uint8Array | undefined): Snapshot | undefined {
  return bytes === undefined ? undefined : parseSnapshot(bytes);
}

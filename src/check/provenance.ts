import type { ProjectState, StateBefore } from '../change.ts';
import { readOne, sameEntry, type Tree } from '../git/tree.ts';
import type { Migration, Snapshot } from '../history/history.ts';
import { ORIGIN_ID, parseSnapshot } from '../history/snapshot.ts';
import type { Project } from '../project/project.ts';
import type { Provenance } from '../provenance.ts';
import { isWritten } from '../rules/dialects.ts';
import { generatedStatements } from '../rules/sql-exceptions.ts';
import { SnapshotRefused } from '../schema/snapshot-refused.ts';
import { compareStatements } from '../sql/compare.ts';
import { splitStatements } from '../sql/statements.ts';
import type { SchemaSession } from './session.ts';

export interface ProvenanceRequest {
  readonly tree: Tree;
  readonly after: ProjectState;
  readonly before: readonly StateBefore[];
  readonly session: SchemaSession;
}

type Read = Extract<Snapshot, { status: 'ok' }>;

/**
 * Where the SQL of each migration that is new in this change comes from, by tag: drizzle-kit is asked for what it
 * generates between the migration's two snapshots. A migration that a tree before has, file for file, is not asked about.
 */
export async function readProvenance({ tree, after, before, session }: ProvenanceRequest): Promise<ReadonlyMap<string, Provenance>> {
  const found = new Map<string, Provenance>();
  for (const migration of after.history.migrations) {
    if (!isNew(migration, before) || isShared(migration, after.history.migrations) || after.history.sqlFaults.has(migration.sqlPath)) continue;
    const provenance = await provenanceOf(migration, tree, after, session);
    if (provenance !== undefined) found.set(migration.journal.tag, provenance);
  }
  return found;
}

function isNew({ journal: { tag }, sql, snapshot }: Migration, before: readonly StateBefore[]): boolean {
  return !before.some(({ history }) =>
    history.migrations.some((then) => then.journal.tag === tag && sameEntry(then.sql?.entry, sql?.entry) && sameEntry(then.snapshot?.entry, snapshot?.entry)),
  );
}

/** With `prefix: 'none'` all migrations claim one snapshot, and each overwrites the one before: nothing can be compared. */
function isShared({ position, snapshotPath }: Migration, migrations: readonly Migration[]): boolean {
  return migrations.some((other) => other.position !== position && other.snapshotPath === snapshotPath);
}

/** Undefined where a file is missing or cannot be read: that is a finding of another rule. */
async function provenanceOf(migration: Migration, tree: Tree, { project, history, snapshotVersion }: ProjectState, session: SchemaSession): Promise<Provenance | undefined> {
  const cur = migration.snapshot?.snapshot;
  const bytes = migration.sql === undefined ? undefined : await readOne(tree, migration.sql.path);
  if (cur?.status !== 'ok' || bytes === undefined) return undefined;
  const sql = new TextDecoder('utf-8').decode(bytes);
  const parent = await parentOf(migration, cur, history.migrations, tree);
  if (parent === 'missing') return { kind: 'unverifiable', sql, why: `its snapshot's parent ${cur.prevId} is not in the history` };
  const foreign = [cur, ...(parent === undefined ? [] : [parent])].find((one) => Number(one.version) !== snapshotVersion || !isWritten(one.dialect, project.dialect));
  if (foreign !== undefined) return { kind: 'unverifiable', sql, why: `the installed drizzle-kit does not read snapshots of version ${foreign.version} (${foreign.dialect})` };
  return compared(project, parent, cur, sql, session);
}

async function compared(project: Project, parent: Read | undefined, cur: Read, sql: string, session: SchemaSession): Promise<Provenance> {
  try {
    const generated = await session.generate(project, parent?.json, cur.json, { sql });
    if (generated.status !== 'answered') return { kind: 'unverifiable', sql, why: 'drizzle-kit asks a question that the migration does not answer' };
    if (generated.statements.length === 0) return { kind: 'custom', sql };
    const actual = splitStatements(sql, project.dialect);
    if (actual.length === 0 && parent === undefined && INTROSPECTED.test(sql)) return { kind: 'introspected', sql };
    const expected = generatedStatements(generated.statements, project.dialect);
    return compareStatements(expected, actual).same ? { kind: 'generated', sql } : { kind: 'edited', sql, expected: generated.statements };
  } catch (error) {
    if (!(error instanceof SnapshotRefused)) throw error;
    return { kind: 'unverifiable', sql, why: error.message };
  }
}

/** What `drizzle-kit pull` puts at the head of its first migration, whose SQL is all inside a comment (writeResult). */
const INTROSPECTED = /^\uFEFF?\s*-- Current sql file was generated after introspecting the database/;

/** The snapshot that the migration was made from: the one it names, else the nearest before it. */
async function parentOf(migration: Migration, cur: Read, migrations: readonly Migration[], tree: Tree): Promise<Read | undefined | 'missing'> {
  if (cur.prevId === ORIGIN_ID) return undefined;
  const earlier = migrations.slice(0, migration.position).toReversed();
  for (const { snapshot } of earlier) {
    if (snapshot === undefined) continue;
    const read = snapshot.snapshot.status === 'unread' ? parsed(await readOne(tree, snapshot.path)) : snapshot.snapshot;
    if (read?.status === 'ok' && read.id === cur.prevId) return read;
  }
  return 'missing';
}

function parsed(bytes: Uint8Array | undefined): Snapshot | undefined {
  return bytes === undefined ? undefined : parseSnapshot(bytes);
}

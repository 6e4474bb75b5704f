import type { Snapshot } from '../../history/history.ts';
import { isWritten } from '../../history/written-dialect.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import { SnapshotRefused } from '../../schema/kit/snapshot-refused.ts';
import { compareStatements } from '../../sql/compare.ts';
import { splitStatements } from '../../sql/statements.ts';
import { excuse, generatedStatements } from './exceptions-in-sql.ts';

/** Where the SQL of a migration comes from: the answer of `originOf`. */
export type SqlOrigin =
  /** Token for token what drizzle-kit generates. */
  | { readonly kind: 'generated'; readonly sql: string }
  /**
   * drizzle-kit generates nothing between the two snapshots: `--custom`, which may have any SQL.
   */
  | { readonly kind: 'custom'; readonly sql: string }
  /** The first migration of `drizzle-kit pull`: its SQL is a comment. */
  | { readonly kind: 'introspected'; readonly sql: string }
  | {
      readonly kind: 'edited';
      readonly sql: string;
      readonly expected: readonly string[];
      readonly unrecorded?: readonly Unrecorded[];
    }
  /** drizzle-kit does not run here. */
  | { readonly kind: 'not-compared'; readonly sql: string }
  /**
   * `by`: the version of drizzle-kit that was asked, where another one may have written the
   * migration.
   */
  | {
      readonly kind: 'unverifiable';
      readonly sql: string;
      readonly why: string;
      readonly by?: string;
    };

/**
 * A migration without a snapshot: drizzle-kit does not know it, and generates its SQL again with
 * the next one.
 */
export interface Unrecorded {
  readonly tag: string;
  readonly sqlPath: RepoPath;
  /** Where its snapshot would be. */
  readonly snapshotPath: RepoPath;
  readonly sql: string;
}

export type ReadSnapshot = Extract<Snapshot, { status: 'ok' }>;

/** What the origin of one migration is decided by. */
export interface OriginRequest {
  readonly project: Project;
  readonly sql: string;
  readonly snapshot: ReadSnapshot;
  /** The snapshot that it was generated from; undefined for the first one. */
  readonly parent: ReadSnapshot | 'missing' | undefined;
  /** The version of snapshots that the installed drizzle-kit reads. */
  readonly snapshotVersion: number;
  readonly evaluator: Pick<Evaluator, 'evaluates' | 'generate'>;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /** Nothing was before it: a template may bring migrations that an older drizzle-kit wrote. */
  readonly isFirst: boolean;
  /** Asked only of edited SQL: another drizzle-kit that may have written it. */
  readonly otherKit: () => Promise<OtherKit | undefined>;
  /** Asked only of edited SQL: the migrations without a snapshot since the parent. */
  readonly unrecorded: () => Promise<readonly Unrecorded[]>;
}

export interface OtherKit {
  /** The file that names the version, and what it names. */
  readonly path: RepoPath;
  readonly version: string;
  readonly installed: string;
}

/**
 * Decides where the SQL of a migration comes from: whether it is what drizzle-kit generates between
 * its two snapshots.
 */
export async function originOf(request: OriginRequest): Promise<SqlOrigin> {
  const { project, sql, snapshot, parent, snapshotVersion, evaluator, excusedAs } = request;
  const unverifiable = (why: string) => ({ kind: 'unverifiable', sql, why }) as const;
  if (parent === 'missing')
    return unverifiable(`its snapshot's parent ${snapshot.prevId} is not in the history`);
  if (!evaluator.evaluates) {
    const { sameButForIds } = await import('../../schema/kit/generate.ts');
    const isCustom = parent !== undefined && sameButForIds(parent.json, snapshot.json);
    return { kind: isCustom ? 'custom' : 'not-compared', sql };
  }
  const foreign = [snapshot, ...(parent === undefined ? [] : [parent])].find(
    (one) => Number(one.version) !== snapshotVersion || !isWritten(one.dialect, project.dialect),
  );
  if (foreign !== undefined)
    return unverifiable(
      `the installed drizzle-kit does not read snapshots of version ${foreign.version} (${foreign.dialect})`,
    );
  let expected: readonly string[];
  try {
    const answer = await evaluator.generate(project, parent?.json, snapshot.json, { sql });
    if (answer.status !== 'answered')
      return unverifiable('drizzle-kit asks a question that the migration does not answer');
    expected = answer.statements;
  } catch (error) {
    if (!(error instanceof SnapshotRefused)) throw error;
    return unverifiable(error.message);
  }
  if (expected.length === 0) return { kind: 'custom', sql };
  const actual = splitStatements(sql, project.dialect);
  if (actual.length === 0 && parent === undefined && INTROSPECTED.test(sql))
    return { kind: 'introspected', sql };
  if (compareStatements(generatedStatements(expected, project.dialect), actual).same)
    return { kind: 'generated', sql };
  // Another minor version writes other SQL: 0.30 and 0.31 alter the columns of a changed enum in
  // different ways.
  const isExcused = excuse({ expected, sql }, project.dialect, excusedAs).unexcused.length === 0;
  const other = isExcused ? undefined : await request.otherKit();
  if (other !== undefined)
    return { ...unverifiable(`${other.path} names ${other.version}`), by: other.installed };
  if (!isExcused && request.isFirst && OF_OLDER_KITS.test(sql))
    return unverifiable("an older drizzle-kit wrote it, and not with the installed one's words");
  return { kind: 'edited', sql, expected, unrecorded: await request.unrecorded() };
}

/**
 * What drizzle-kit wrote before 0.26 and no longer does: `CREATE TABLE IF NOT EXISTS`, and a
 * constraint in `DO $$ BEGIN ... EXCEPTION WHEN duplicate_object THEN null; END $$` (its CHANGELOG).
 */
const OF_OLDER_KITS = /\bIF NOT EXISTS\b|\bWHEN duplicate_object\b/i;

/**
 * The head of the first migration of `drizzle-kit pull`, whose SQL is all inside a comment
 * (writeResult).
 */
const INTROSPECTED =
  /^\uFEFF?\s*-- Current sql file was generated after introspecting the database/;

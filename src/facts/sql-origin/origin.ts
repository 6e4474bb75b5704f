import type { Snapshot } from '../../history/history.ts';
import { isWritten } from '../../history/written-dialect.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderChange } from '../../schema/folders.ts';
import { SnapshotRefused } from '../../schema/kit/snapshot-refused.ts';
import { compareStatements } from '../../sql/compare.ts';
import { runProblems, type RunProblem } from '../../sql/run-problems.ts';
import { splitStatements } from '../../sql/statements.ts';
import { BREAKPOINT } from '../../sql/tokens/lexer.ts';
import { withoutComments } from '../../sql/without-comments.ts';
import type { MadeAgain } from './made-again.ts';
import { otherRecord, type OtherRecord } from './other-record.ts';
import { withViewsAsIn } from './views.ts';
import { excuse, generatedStatements, generatedText } from './exceptions-in-sql.ts';

/** Where the SQL of a migration comes from, and whether it runs: the answer of `originOf`. */
export type SqlOrigin = Origin & {
  readonly problems?: readonly RunProblem[];
  /** What else drizzle-kit 1.x records in the snapshot, where the file has another. */
  readonly record?: OtherRecord;
};

type Origin =
  /** Token for token what drizzle-kit generates. */
  | { readonly kind: 'generated'; readonly sql: string; readonly expected: readonly string[] }
  /**
   * drizzle-kit generates nothing between the two snapshots: `--custom`, which may have any SQL, but
   * for what of the snapshot it makes again in another form.
   */
  | { readonly kind: 'custom'; readonly sql: string; readonly madeAgain?: readonly MadeAgain[] }
  /** The first migration of `drizzle-kit pull`: its SQL is inside a comment. */
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
   * `by`: the drizzle-kit that was asked, in words, where another one may have written the
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
interface OriginRequest {
  readonly project: Project;
  readonly sql: string;
  readonly snapshot: Exclude<Snapshot, { status: 'unread' }>;
  /** What is not generated of the SQL of the migrations before it that are new with it. */
  readonly earlier: readonly string[];
  /** The snapshot that it was generated from; undefined for the first one. */
  readonly parent: ReadSnapshot | 'missing' | undefined;
  /** In the folder layout, where it can have several parents: the states before it and after it. */
  readonly around?: () => Promise<FolderChange>;
  /** The version of snapshots that the installed drizzle-kit reads. */
  readonly snapshotVersion: number;
  readonly evaluator: Pick<Evaluator, 'evaluates' | 'generate'>;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /** Nothing was before it: a template may bring migrations that an older drizzle-kit wrote. */
  readonly isFirst: boolean;
  /** Another drizzle-kit that may have written it; asked where it is not as this one writes it. */
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
 * Decides where the SQL of a migration comes from, whether it is what drizzle-kit generates between
 * its two snapshots, and whether all of it runs.
 */
export async function originOf(request: OriginRequest): Promise<SqlOrigin> {
  const origin = await findOrigin(request);
  const { project, sql } = request;
  return { ...origin, problems: runProblems(sql, project, generatedBy(origin, project)) };
}

/** What drizzle-kit generates instead, as far as it is known: see `runProblems`. */
function generatedBy(origin: Origin, project: Project): string | undefined {
  switch (origin.kind) {
    case 'generated':
    case 'edited':
      return generatedText(origin.expected, project);
    case 'custom':
    case 'introspected':
      return undefined;
    case 'not-compared':
    case 'unverifiable':
      return 'unknown';
  }
}

async function findOrigin(request: OriginRequest): Promise<Origin & Pick<SqlOrigin, 'record'>> {
  const { project, sql, snapshot, parent, snapshotVersion, evaluator, excusedAs } = request;
  if (!evaluator.evaluates) {
    if (snapshot.status === 'invalid' || parent === 'missing') return { kind: 'not-compared', sql };
    if (parent === undefined)
      return { kind: introspected(sql) === undefined ? 'not-compared' : 'introspected', sql };
    return { kind: (await isUnchanged(parent, snapshot)) ? 'custom' : 'not-compared', sql };
  }
  const unverifiable = async (why: string): Promise<Origin> =>
    byOtherKit(sql, await request.otherKit()) ?? { kind: 'unverifiable', sql, why };
  if (snapshot.status === 'invalid')
    return unverifiable(`drizzle-kit does not read its snapshot, which ${messageOf(snapshot)}`);
  if (parent === 'missing')
    return unverifiable(
      `its snapshot's parent is ${snapshot.prevId}, and no snapshot before it that drizzle-kit reads has that id`,
    );
  const foreign = [snapshot, ...(parent === undefined ? [] : [parent])].find(
    (one) =>
      Number(one.version) !== snapshotVersion ||
      !isWritten(one.dialect, project.dialect, request.around && 'folders'),
  );
  if (foreign !== undefined)
    return unverifiable(
      `the installed drizzle-kit does not read snapshots of version ${foreign.version} (${foreign.dialect})`,
    );
  const states = await request.around?.();
  if (states?.status === 'refused')
    return unverifiable(states.problems[0]?.message ?? 'drizzle-kit does not go on with it');
  let expected: readonly string[];
  let records: Pick<SqlOrigin, 'record'> = {};
  try {
    const { before, after } = states ?? { before: parent?.json, after: snapshot.json };
    const answer = await evaluator.generate(project, before, after, {
      sql: withoutComments(sql, project.dialect),
    });
    if (answer.status !== 'answered')
      return unverifiable('drizzle-kit asks a question that the migration does not answer');
    expected =
      states === undefined
        ? answer.statements
        : withViewsAsIn(answer.statements, sql, project.dialect);
    records = otherRecord(answer, snapshot.json);
  } catch (error) {
    if (!(error instanceof SnapshotRefused)) throw error;
    return unverifiable(error.message);
  }
  if (expected.length === 0) {
    const { earlier } = request;
    const found =
      MAKES.test(sql) && [sql, ...earlier].some((text) => DROPS.test(text))
        ? (await import('./made-again.ts')).madeAgain(
            sql,
            project.dialect,
            states?.after ?? snapshot.json,
            earlier,
          )
        : [];
    return { kind: 'custom', sql, ...(found.length === 0 ? {} : { madeAgain: found }), ...records };
  }
  const written = generatedStatements(expected, project);
  const isGenerated = (text: string): boolean =>
    compareStatements(written, splitStatements(text, project.dialect)).same;
  const pulled = parent === undefined ? introspected(sql) : undefined;
  if (pulled !== undefined && (isGenerated(pulled) || !endsInside(pulled)))
    return { kind: 'introspected', sql };
  if (isGenerated(sql)) {
    const other = records.record && byOtherKit(sql, await request.otherKit());
    return other ?? { kind: 'generated', sql, expected, ...records };
  }
  // Another minor version writes other SQL: 0.30 and 0.31 alter the columns of a changed enum in
  // different ways.
  const isExcused = excuse({ expected, sql }, project, excusedAs).unexcused.length === 0;
  const other = isExcused ? undefined : byOtherKit(sql, await request.otherKit());
  if (other !== undefined) return other;
  if (!isExcused && request.isFirst && OF_OLDER_KITS.test(sql)) {
    const why = "an older drizzle-kit wrote it, and not with the installed one's words";
    return { kind: 'unverifiable', sql, why, by: 'the installed drizzle-kit' };
  }
  return { kind: 'edited', sql, expected, unrecorded: await request.unrecorded(), ...records };
}

/** What makes a constraint or an index, or gives it another name; and what drops one. */
const MAKES = /\b(?:ADD|CREATE|RENAME)\b/i;
const DROPS = /\b(?:DROP\s+(?:CONSTRAINT|INDEX|KEY|CHECK|FOREIGN)|RENAME)\b/i;

/** Whether nothing is between a snapshot and its parent: 1.x may have written it as differences. */
async function isUnchanged(parent: ReadSnapshot, { json }: ReadSnapshot): Promise<boolean> {
  if (Array.isArray(json['deltas'])) return json['deltas'].length === 0;
  const { sameButForIds } = await import('../../schema/kit/generate.ts');
  return sameButForIds({ ...parent.json, prevIds: [] }, { ...json, prevIds: [] });
}

function byOtherKit(sql: string, other: OtherKit | undefined): Origin | undefined {
  if (other === undefined) return undefined;
  const why = `${other.path} names ${other.version}`;
  return { kind: 'unverifiable', sql, why, by: `drizzle-kit ${other.installed}` };
}

function messageOf({ problems: [first] }: Extract<Snapshot, { status: 'invalid' }>): string {
  return first?.message ?? 'is invalid';
}

/**
 * What drizzle-kit wrote before 0.26 and no longer does: `CREATE TABLE IF NOT EXISTS`, and a
 * constraint in `DO $$ BEGIN ... EXCEPTION WHEN duplicate_object THEN null; END $$` (its CHANGELOG).
 */
const OF_OLDER_KITS = /\bIF NOT EXISTS\b|\bWHEN duplicate_object\b/i;

/**
 * What the first migration of `drizzle-kit pull` has inside its comment (`writeResult`); undefined
 * where it is another one.
 */
function introspected(sql: string): string | undefined {
  return /^\s*-- Current sql file was generated after introspecting the database\r?\n(?:--.*\n)*\/\*([^]*)\*\/\s*$/.exec(
    sql,
  )?.[1];
}

/** Whether a text in a comment, which somebody changed, ends the comment or is split by the migrator. */
function endsInside(text: string): boolean {
  return text.includes('*/') || text.includes(BREAKPOINT);
}

import type { JournalMigration, Migration } from '../history/history.ts';
import { isPulled, ORIGIN_ID } from '../history/snapshot.ts';
import type { Dialect } from '../model/dialect.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { RenameQuestion } from '../schema/worker/protocol.ts';
import { compareStatements } from '../sql/compare.ts';
import { splitStatements } from '../sql/statements.ts';
import { withoutComments } from '../sql/without-comments.ts';
import type { Answered, Asks, Side, Stop } from './input.ts';
import { mayAsk, renamesIn, type Renamed } from './renames.ts';
import { differences } from './shape.ts';

/** What one migration does: from its parent's snapshot to its own. */
export interface Step {
  readonly migration: Migration;
  readonly sql: string;
  /** The schema before; undefined: nothing. */
  readonly parent: Json | undefined;
  /** The schema after; missing where the migration has no snapshot. */
  readonly after?: Json;
  /** The SQL is 1.x's for what 0.31 wrote in the file. */
  readonly isReworded?: boolean;
  /** drizzle-kit generates nothing between the two: any SQL is lawful. */
  readonly isCustom: boolean;
  readonly renames: readonly Renamed[];
  /** What drizzle-kit generates for it where it is; asked once. */
  readonly generated: () => Promise<Answered>;
  /** What drizzle-kit asks about renames where it is. */
  readonly questions: () => Promise<readonly RenameQuestion[]>;
}

interface ReadSteps {
  readonly side: Side;
  readonly dialect: Dialect;
  readonly asks: Pick<Asks, 'generate'>;
  /** The merged schema: of the version that drizzle-kit reads. */
  readonly target: Json;
}

/**
 * The steps of migrations, with the renames that each records. A stop for each that cannot be read.
 */
export async function readSteps(
  migrations: readonly JournalMigration[],
  reading: ReadSteps,
): Promise<readonly (Step | Stop)[]> {
  const steps: (Step | Stop)[] = [];
  for (const migration of migrations) steps.push(await readStep(migration, reading));
  return steps;
}

export function isStop(one: Step | Stop): one is Stop {
  return 'reason' in one;
}

async function readStep(
  migration: JournalMigration,
  { side, dialect, asks, target }: ReadSteps,
): Promise<Step | Stop> {
  const { journal, sqlPath, snapshotPath, snapshot: file } = migration;
  const broken = (path: string, detail: string): Stop => ({
    reason: 'own-broken',
    migration: journal.tag,
    entities: [path],
    detail,
    answers: [],
  });
  const bytes = side.history.texts?.get(sqlPath);
  if (bytes === undefined) return broken(sqlPath, 'is missing');
  const [problem] = side.history.sqlProblems.get(sqlPath) ?? [];
  if (problem !== undefined) return broken(sqlPath, problem.message);
  const sql = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const recorded = { sql: withoutComments(sql, dialect) };
  if (file === undefined) {
    const parent = snapshotBefore(migration, side);
    return {
      migration,
      sql,
      parent,
      isCustom: true,
      renames: [],
      generated: nothing,
      questions: async () => [],
    };
  }
  if (file.snapshot.status !== 'ok')
    return broken(
      snapshotPath,
      file.snapshot.status === 'invalid'
        ? (file.snapshot.problems[0]?.message ?? 'is invalid')
        : 'was not read',
    );
  const { json: after, prevId } = file.snapshot;
  if (after['version'] !== target['version'])
    return broken(snapshotPath, otherVersion(after, target));
  const named = parentOf(migration, side);
  const parent = named === 'missing' ? snapshotBefore(migration, side) : named;
  let answer: Promise<Answered> | undefined;
  const generated = (): Promise<Answered> => (answer ??= asks.generate(parent, after, recorded));
  if (named === 'missing' && !isWrittenAs(await generated(), sql, dialect))
    return broken(
      snapshotPath,
      `has the parent ${prevId}, which no snapshot before it has, and its SQL does not ` +
        'follow from the one before',
    );
  const questions = async (): Promise<readonly RenameQuestion[]> =>
    mayAsk(parent, after) ? ((await generated()).questions ?? []) : [];
  return {
    migration,
    sql,
    parent,
    after,
    isCustom: parent !== undefined && differences(parent, after).length === 0,
    renames: renamesIn(await questions(), after),
    generated,
    questions,
  };
}

/** Whether SQL is what drizzle-kit generates. */
export function isWrittenAs({ statements }: Answered, sql: string, dialect: Dialect): boolean {
  const generated = statements.flatMap((one) => splitStatements(one, dialect));
  return compareStatements(generated, splitStatements(sql, dialect)).same;
}

export function otherVersion(snapshot: Json, target: Json): string {
  return `has version ${String(snapshot['version'])}, and drizzle-kit writes version ${String(target['version'])}`;
}

async function nothing(): Promise<Answered> {
  return { status: 'answered', statements: [] };
}

/** The snapshot that a migration names as its parent; undefined: nothing was before. */
function parentOf(migration: JournalMigration, { history }: Side): Json | 'missing' | undefined {
  const own = migration.snapshot?.snapshot;
  if (own?.status !== 'ok' || isPulled(own)) return undefined;
  for (const { snapshot: file } of history.migrations.slice(0, migration.position).toReversed())
    if (file?.snapshot.status === 'ok' && file.snapshot.id === own.prevId)
      return file.snapshot.json;
  return own.prevId === ORIGIN_ID ? undefined : 'missing';
}

/** The newest snapshot before a migration. */
function snapshotBefore({ position }: JournalMigration, { history }: Side): Json | undefined {
  const before = history.migrations
    .slice(0, position)
    .findLast(({ snapshot }) => snapshot?.snapshot.status === 'ok')?.snapshot?.snapshot;
  return before?.status === 'ok' ? before.json : undefined;
}

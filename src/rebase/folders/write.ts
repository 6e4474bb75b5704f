import type { FolderMigration } from '../../history/history.ts';
import { folderSnapshotPath, folderSqlPath, stampAt, stampOf } from '../../history/layout.ts';
import type { Project } from '../../project/project.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderBase, FolderSnapshot } from '../../schema/folders.ts';
import { splitStatements, type Statement } from '../../sql/statements.ts';
import type { AskedChain } from '../ask.ts';
import { idFrom, jsonBytes, sqlBytes } from '../bytes.ts';
import type { Link } from '../chain.ts';
import type { Answered, Answers, PlannedMigration, RebasePlan, Remark, Stop } from '../input.ts';
import { namesChanged, reasonsFor, remarkOn } from '../reasons.ts';
import { nameOf } from '../shape.ts';
import { newSql } from '../sql.ts';
import { stopped } from '../write-plan.ts';
import { inPlaceOf, mayAsk } from './between-rows.ts';
import type { Forms } from './rows.ts';

interface Writing {
  readonly project: Project;
  readonly evaluator: Evaluator;
  /** The migrations of the steps, in their order. */
  readonly again: readonly FolderMigration[];
  readonly asked: AskedChain;
  readonly forms: Forms;
  /** What they stand on. */
  readonly rest: readonly FolderSnapshot[];
  /** The SQL of the migrations that the base made. */
  readonly baseSql: readonly string[];
  /** The merged schema. */
  readonly target: Json;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly answers: Answers;
}

/**
 * The migrations as `generate` would write them one after the other, each in a folder of its own:
 * databases know it by that name. Ids follow from the old ones and the parents', so that the same
 * input gives the same bytes. Stops where statements by hand need a decision.
 */
export async function writeMigrations(writing: Writing): Promise<RebasePlan> {
  const { project, evaluator, again, asked, rest, now, answers } = writing;
  const { chain, settled, drift } = asked;
  const isInBase = statementsIn(writing);
  const there = [...rest];
  let base = await evaluator.base(project, rest);
  const migrations: PlannedMigration[] = [];
  const remarks: Remark[] = [];
  const stops: Stop[] = [];
  for (const [at, link] of chain.links.entries()) {
    const migration = again[at]!;
    const { name: from } = migration;
    if (base.status !== 'ok') throw new TypeError(`drizzle-kit does not go on behind ${from}`);
    const made = await madeOn(base.state, link, at, writing);
    const sql = await newSql(link.step, made, answers, project, isInBase);
    if ('reason' in sql) {
      stops.push(sql);
      continue;
    }
    if (sql.kind === 'dropped') {
      migrations.push({ from, kind: 'dropped', reasons: reasonsFor(link, at, chain, settled) });
      continue;
    }
    const name = nameBehind(migration, there, now);
    const old = migration.snapshot?.snapshot;
    const seed = old?.status === 'ok' ? old.id : from;
    const snapshot = snapshotOf(made.snapshot ?? {}, seed, base.parents);
    there.push({ folder: name, json: snapshot });
    base = await standingOn(snapshot, name, there, writing);
    const { step } = link;
    migrations.push({
      from,
      name,
      kind: sql.kind === 'kept' && step.isReworded === true ? 'generated' : sql.kind,
      reasons: sql.kind === 'generated' ? reasonsFor(link, at, chain, settled) : [],
      sql: {
        path: folderSqlPath(project.out, name),
        bytes: 'sql' in sql ? sqlBytes(sql.sql, step.sql) : new TextEncoder().encode(step.sql),
      },
      snapshot: {
        path: folderSnapshotPath(project.out, name),
        bytes: jsonBytes(snapshot, undefined),
      },
    });
    const taken = settled.taken.filter((path) => settled.decided.get(at)?.includes(path) === true);
    remarks.push(
      ...remarkOn('names-changed', name, namesChanged(sql.byHand.join('\n'), chain, project)),
      ...remarkOn('taken-in', name, taken.map(nameOf)),
    );
  }
  if (stops.length > 0) return stopped(stops);
  if (drift !== undefined) remarks.push({ kind: 'drift', entities: drift.map(nameOf) });
  return {
    status: 'planned',
    migrations,
    files: migrations.flatMap(({ sql, snapshot }) => [sql ?? [], snapshot ?? []].flat()),
    removed: again.flatMap(({ sql, snapshot }) => [sql?.path ?? [], snapshot?.path ?? []].flat()),
    remarks,
  };
}

/** What `generate` makes on a state; of a custom migration that is nothing. */
async function madeOn(
  before: Json | undefined,
  { step, renames }: Link,
  at: number,
  { project, evaluator, asked, forms, rest, target }: Writing,
): Promise<Answered> {
  const { version, dialect } = target;
  const rows = step.isCustom ? undefined : forms.toRows(asked.settled.afters[at]!);
  const after =
    rows === undefined
      ? (before ?? { version, dialect, ddl: [] })
      : areDifferences(rest)
        ? inPlaceOf(before, rows)
        : rows;
  const made = await evaluator.generate(project, before, after, { renames });
  if (made.status !== 'answered') throw new TypeError('a question was not answered');
  if (made.questions !== undefined && !mayAsk(before ?? {}, after))
    throw new TypeError('drizzle-kit asked about renames where nothing is gone');
  return made;
}

/** Whether snapshots say what changes (v9), not all that there is: those alone have a `type`. */
function areDifferences(snapshots: readonly FolderSnapshot[]): boolean {
  return snapshots.some(({ json }) => json['type'] !== undefined);
}

/** What the next one stands on: this one alone. The check of the result asks the same. */
async function standingOn(
  { id }: Json,
  name: string,
  there: readonly FolderSnapshot[],
  { project, evaluator }: Writing,
): Promise<FolderBase> {
  const change = await evaluator.around(project, there, name);
  if (change.status === 'refused') return change;
  return { status: 'ok', state: change.after, parents: [String(id)] };
}

/** The name of a migration's folder: behind all that it stands on, and never earlier than it was. */
export function nameBehind(
  { name, stamp }: Pick<FolderMigration, 'name' | 'stamp'>,
  there: readonly FolderSnapshot[],
  now: number,
): string {
  const stamps = [stamp, ...there.map(({ folder }) => stampOf(folder))];
  const last = Math.max(0, ...stamps.filter((one) => !Number.isNaN(one)));
  return `${stampAt(Math.max(now, last + 1000))}_${name.replace(/^\d{14}_/, '')}`;
}

/**
 * A snapshot as `generate` writes it.
 * @param seed what its id follows from, with the ids of its parents
 */
export function snapshotOf(
  { type, version, dialect, ...content }: Json,
  seed: string,
  parents: readonly string[],
): Json {
  return {
    ...(type === undefined ? {} : { type }),
    version,
    dialect,
    id: idFrom(seed, parents.join(' ')),
    prevIds: parents,
    ...content,
  };
}

/** Whether a migration that the base made has a statement. */
function statementsIn({ baseSql, project }: Writing): (statement: Statement) => boolean {
  let keys: ReadonlySet<string> | undefined;
  const read = (): ReadonlySet<string> =>
    new Set(baseSql.flatMap((sql) => splitStatements(sql, project.dialect)).map(({ key }) => key));
  return ({ key }) => (keys ??= read()).has(key);
}

import { isDeepStrictEqual } from 'node:util';
import { inOut } from '../history/layout.ts';
import { writtenAs } from '../history/written-dialect.ts';
import type { AskedChain } from './ask.ts';
import { migrationsJs } from './bundle.ts';
import { journalBytes } from './bytes.ts';
import type { NewFile, PlannedMigration, RebaseInput, RebasePlan, Remark, Stop } from './input.ts';
import { newEntries } from './name.ts';
import { newSnapshotFile, newSqlFile, type Staying } from './new-files.ts';
import { baseMigrations, ownMigrations, sharedMigrations } from './own.ts';
import { namesChanged, reasonsFor, remarkOn } from './reasons.ts';
import { nameOf } from './shape.ts';
import { newSql, type NewSql } from './sql.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';

export function stopped(stops: readonly Stop[]): RebasePlan {
  const [first, ...others] = stops;
  if (first === undefined) throw new TypeError('no stop');
  return { status: 'stopped', stops: [first, ...others] };
}

/**
 * The files of a plan: the own migrations under their new names, the journal, and `migrations.js`
 * where there is one. Stops where statements by hand need a decision.
 * @param baseId the id of the base's newest snapshot
 */
export async function writePlan(
  input: RebaseInput,
  { chain, settled, answers: generated, drift }: AskedChain,
  baseId: string,
): Promise<RebasePlan> {
  const { project, base, answers, now } = input;
  const isInBase = statementsOf(input);
  const sqls: NewSql[] = [];
  const stops: Stop[] = [];
  for (const [at, { step }] of chain.links.entries()) {
    const sql = await newSql(step, await generated[at]!(), answers, project, isInBase);
    if ('reason' in sql) stops.push(sql);
    else sqls.push(sql);
  }
  if (stops.length > 0) return stopped(stops);

  // A step for each, in the same order.
  const mine = ownMigrations({
    base: base.history,
    own: input.own.history,
    fork: input.fork.history,
  });
  const staying = mine.filter((_, at) => sqls[at]?.kind !== 'dropped');
  const entries = newEntries(staying, base.history.migrations, { now, prefix: project.prefix });
  const migrations: PlannedMigration[] = sharedAs(input);
  const remarks: Remark[] = [];
  let id = baseId;
  for (const [at, link] of chain.links.entries()) {
    const { step, renames } = link;
    const migration = mine[at]!;
    const from = migration.journal.tag;
    const sql = sqls[at]!;
    const entry = entries[staying.indexOf(migration)];
    if (entry === undefined) {
      migrations.push({ from, kind: 'dropped', reasons: reasonsFor(link, at, chain, settled) });
      continue;
    }
    const stays: Staying = {
      migration,
      entry,
      renames,
      sameRenames: isDeepStrictEqual(renames, step.renames),
      ...('sql' in sql ? { sql: sql.sql } : {}),
      ...(step.after === undefined ? {} : { after: settled.afters[at]! }),
    };
    const snapshot = newSnapshotFile(stays, id, input);
    id = snapshot?.id ?? id;
    migrations.push({
      from,
      kind: sql.kind,
      reasons: sql.kind === 'generated' ? reasonsFor(link, at, chain, settled) : [],
      entry,
      sql: newSqlFile(stays, input),
      ...(snapshot === undefined
        ? {}
        : { snapshot: { path: snapshot.path, bytes: snapshot.bytes } }),
    });
    const byHand = 'byHand' in sql ? sql.byHand.join('\n') : '';
    const missing = step.after === undefined ? [migration.snapshotPath] : [];
    const taken = settled.taken.filter((path) => settled.decided.get(at)?.includes(path) === true);
    remarks.push(
      ...remarkOn('names-changed', entry.tag, namesChanged(byHand, chain, project)),
      ...remarkOn('no-snapshot', entry.tag, missing),
      ...remarkOn('taken-in', entry.tag, taken.map(nameOf)),
    );
  }
  if (drift !== undefined) remarks.push({ kind: 'drift', entities: drift.map(nameOf) });
  return { status: 'planned', migrations, ...filesOf(input, migrations), remarks };
}

/** Whether a migration that the base made since the fork has a statement. */
function statementsOf({ base, fork, project }: RebaseInput): (statement: Statement) => boolean {
  let keys: ReadonlySet<string> | undefined;
  const read = (): ReadonlySet<string> => {
    const made = baseMigrations({ base: base.history, fork: fork.history });
    const texts = made.flatMap(({ sqlPath }) => base.history.texts?.get(sqlPath) ?? []);
    const all = texts.flatMap((bytes) =>
      splitStatements(new TextDecoder().decode(bytes), project.dialect),
    );
    return new Set(all.map(({ key }) => key));
  };
  return ({ key }) => (keys ??= read()).has(key);
}

/** What the base has under another number. */
function sharedAs({ base, own, fork }: RebaseInput): PlannedMigration[] {
  const histories = { base: base.history, own: own.history, fork: fork.history };
  return sharedMigrations(histories).map(({ journal }) => ({
    from: journal.tag,
    kind: 'dropped',
    reasons: [],
  }));
}

function filesOf(
  { project, base, own, fork }: RebaseInput,
  migrations: readonly PlannedMigration[],
): Pick<Extract<RebasePlan, { status: 'planned' }>, 'files' | 'removed'> {
  const entries = migrations.flatMap(({ entry }) => entry ?? []);
  const files: NewFile[] = [
    ...migrations.flatMap(({ sql }) => sql ?? []),
    // Without prefixes all have one file, which is that of the last.
    ...new Map(
      migrations.flatMap(({ snapshot }) => snapshot ?? []).map((one) => [one.path, one]),
    ).values(),
    {
      path: base.history.journalPath,
      bytes: journalBytes(base.journalBytes, entries, writtenAs(project.dialect)),
    },
  ];
  if (base.history.bundle !== undefined || own.history.bundle !== undefined) {
    const all = [...base.history.migrations.map(({ journal }) => journal), ...entries];
    files.push({
      path: inOut(project.out, 'migrations.js'),
      bytes: new TextEncoder().encode(migrationsJs(all, project.driver)),
    });
  }
  const histories = { base: base.history, own: own.history, fork: fork.history };
  const stay = new Set([
    ...files.map(({ path }) => path),
    ...base.history.migrations.flatMap(({ sqlPath, snapshotPath }) => [sqlPath, snapshotPath]),
  ]);
  const removed = [...ownMigrations(histories), ...sharedMigrations(histories)]
    .flatMap(({ sql, snapshot }) => [sql?.path, snapshot?.path])
    .filter((path) => path !== undefined && !stay.has(path)) as string[];
  return { files, removed: [...new Set(removed)].toSorted() };
}

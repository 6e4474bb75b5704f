import { otherRecord, type OtherRecord } from '../../src/facts/sql-origin/other-record.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { folderBase, folderChange } from '../../src/schema/kit/folder-answers.ts';
import { generate, type GenerateSession } from '../../src/schema/kit/generate.ts';
import type { Generated } from '../../src/schema/schema.ts';
import type { EvaluationWorker } from '../../src/schema/worker/host.ts';
import { evaluate, projectOf } from '../support/evaluation.ts';
import { renamesOf, type Dialect1 } from '../support/kit1.ts';
import type { Step } from './steps/step.ts';
import type { Folder, Truth } from './truth.ts';

/** What drizzle-kit did, and what the guard makes of the same step, in one form. */
export interface Judged {
  readonly verdict: Truth['verdict'];
  readonly parents?: unknown;
  readonly sql?: string;
  /** Without ids and parents. */
  readonly snapshot?: unknown;
  /** The SQL from the two states of a migration alone. */
  readonly again?: string;
  /** What the guard finds wrong with the records in drizzle-kit's own snapshot. */
  readonly record?: OtherRecord;
}

/** The truth in that form. */
export function truthOf({ verdict, written }: Truth): Judged {
  if (written === undefined) return { verdict };
  const { id: _, prevIds, ...snapshot } = written.snapshot;
  return { verdict, parents: prevIds, sql: written.sql, snapshot, again: viewsLast(written.sql) };
}

/**
 * Evaluates the schema of a step, and compares it with the history before it as `generate` would.
 * @param top a folder with a drizzle-kit of 1.x in its node_modules
 */
export async function judge(
  top: string,
  worker: EvaluationWorker,
  dialect: Dialect1,
  { after, breakpoints }: Step,
  { before, hints, written }: Truth,
): Promise<Judged> {
  const kit = findKit(top, '', 'npm install');
  const session: GenerateSession = { kit, worker, dialect };
  const between = breakpoints === false ? '\n' : '--> statement-breakpoint\n';
  const files = { 'schema.ts': after };
  const project = projectOf(dialect, ['schema.ts']);
  const evaluated = await evaluate(top, worker, files, project, { kit });
  if (evaluated.status !== 'ok') return { verdict: 'error' };
  const base = await folderBase(session, before.map(asStored));
  if (base.status !== 'ok') return { verdict: 'error' };
  const generated = await generate(session, base.state, evaluated.snapshot, {
    renames: renamesOf(hints),
  });
  if (generated.status !== 'answered') throw new Error('with all answers there is one reading');
  const { statements, snapshot, fails = [] } = generated;
  if (fails.length > 0) return { verdict: 'error' };
  if (statements.length === 0) return { verdict: 'no_changes' };
  const again = written && (await fromStates(session, before, written));
  return {
    verdict: 'ok',
    parents: base.parents,
    sql: statements.join(between),
    snapshot,
    ...(again && {
      again: viewsLast(again.statements.join(between)),
      ...otherRecord(again, written.snapshot),
    }),
  };
}

/** The statements that the guard expects of the migration that `generate` wrote, if it held this SQL. */
export async function expectedOf(
  top: string,
  worker: EvaluationWorker,
  dialect: Dialect1,
  { before, written }: Truth,
  sql: string,
): Promise<readonly string[]> {
  if (written === undefined) throw new Error('generate wrote nothing');
  const session: GenerateSession = { kit: findKit(top, '', 'npm install'), worker, dialect };
  return (await fromStates(session, before, { ...written, sql })).statements;
}

async function fromStates(
  session: GenerateSession,
  before: readonly Folder[],
  written: Folder,
): Promise<Extract<Generated, { status: 'answered' }>> {
  const all = [...before, written].map(asStored);
  const change = await folderChange(session, all, written.name);
  if (change.status !== 'ok') throw new Error(JSON.stringify(change.problems));
  const generated = await generate(session, change.before, change.after, { sql: written.sql });
  if (generated.status !== 'answered') throw new Error('with a migration there is one reading');
  return generated;
}

function asStored({ name, snapshot }: Folder): { folder: string; json: Folder['snapshot'] } {
  return { folder: name, json: snapshot };
}

/** Which of several new views comes first is in no snapshot. */
function viewsLast(sql: string): string {
  const statements = sql.split(/(?<=;)(?:--> statement-breakpoint)?\n/);
  const isView = (text: string): boolean => /^CREATE (?:MATERIALIZED )?VIEW/.test(text);
  return [
    ...statements.filter((one) => !isView(one)),
    ...statements.filter(isView).toSorted(),
  ].join('\n');
}

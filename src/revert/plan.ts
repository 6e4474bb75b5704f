import { pictureOf } from '../facts/review/snapshot-picture.ts';
import { compareSnapshots } from '../schema/diff/compare.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Answered } from '../rebase/input.ts';
import { waysOfFolders } from './folders.ts';
import { waysOfJournal } from './journal.ts';
import { customIn, lossesOf } from './lost.ts';
import { madeToRun } from './made-to-run.ts';
import type { RevertedProject, RevertStop } from './outcome.ts';
import { generateBack } from './turned-round.ts';
import { isStop, type ResultFiles, type Undoing, type Ways } from './ways.ts';

export type RevertPlan =
  | { readonly stop: RevertStop }
  | (ResultFiles & Pick<RevertedProject, 'how' | 'migration' | 'sql' | 'lost'>);

/**
 * Plans how migrations go back: a new migration from what there is to the schema as it was; those
 * that are the newest, and that nobody else has, are taken away. Either way the schema ends at what
 * the snapshot before them says, where nothing came later.
 * @throws GuardError as `Evaluator.generate`
 */
export async function planRevert(undoing: Undoing, isPublished: boolean): Promise<RevertPlan> {
  const { project, schema, evaluator, close } = undoing;
  const ways = await ((await evaluator.layout(project)) === 'folders'
    ? waysOfFolders(undoing)
    : waysOfJournal(undoing));
  if (isStop(ways)) return { stop: ways };
  const { now, before, steps, recorded } = ways;
  const generate = async (from: Json | undefined, renames: Renames): Promise<Answered> => {
    const answered = await evaluator.generate(project, from, schema, { renames });
    if (answered.status !== 'answered') throw new TypeError('a question was not answered');
    return answered;
  };
  const differs = before === undefined ? [] : await differences(before, schema, generate);
  if (before !== undefined && !isPublished)
    return differs.length > 0
      ? { stop: { reason: 'not-as-before', entities: differs } }
      : { how: 'taken away', ...ways.takeAway(), lost: steps.flatMap(customIn) };
  const back = await generateBack((renames) => generate(now, renames), recorded);
  const { statements, fails } = back.made;
  if (fails !== undefined)
    return { stop: { reason: 'kit-fails', entities: [], detail: fails.join('\n') } };
  if (statements.length === 0) return { stop: nothingMade(ways) };
  if (back.left.length > 0) return { stop: { reason: 'rename-unknown', entities: back.left } };
  if (differs.length > 0) return { stop: { reason: 'not-as-before', entities: differs } };
  const lost = lossesOf(now, schema, back.renames, steps);
  // Of lines side by side, exactly what the migrations did must go back.
  if (close.length > 0 && lost.some(({ kind }) => kind === 'besides'))
    return { stop: { reason: 'conflict', entities: close } };
  const run =
    now === undefined ? statements : madeToRun(statements, pictureOf(now), project.dialect);
  const { name, sql, ...files } = ways.addMigration(
    { ...back.made, statements: run },
    back.renames,
  );
  return { how: 'new migration', migration: name, sql, lost, ...files };
}

type Renames = Parameters<Parameters<typeof generateBack>[0]>[0];

/** What drizzle-kit would still generate from the state before; [] is nothing. */
async function differences(
  { state }: NonNullable<Ways['before']>,
  schema: Json,
  generate: (from: Json | undefined, renames: Renames) => Promise<Answered>,
): Promise<readonly string[]> {
  const { statements } = await generate(state, []);
  if (statements.length === 0) return [];
  const named = compareSnapshots(state, schema).map(({ entity }) => entity);
  return named.length > 0 ? named : statements;
}

function nothingMade({ steps }: Ways): RevertStop {
  const custom = steps.every(({ isCustom }) => isCustom);
  return {
    reason: custom ? 'custom-only' : 'nothing-left',
    entities: steps.map(({ name }) => name),
    ...(custom
      ? {
          detail: steps
            .flatMap(customIn)
            .map(({ detail }) => detail)
            .join('\n'),
        }
      : {}),
  };
}

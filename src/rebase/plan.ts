import { ORIGIN_ID } from '../history/snapshot.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import { askChain, type AskedChain } from './ask.ts';
import type { ChainRequest } from './chain.ts';
import type { Answers, Asks, RebaseInput, RebasePlan, Side, Stop } from './input.ts';
import { baseMigrations, followsBase, ownMigrations, sharedMigrations } from './own.ts';
import { nameOf } from './shape.ts';
import { isStop, otherVersion, readSteps, type Step } from './step.ts';
import { takenBack } from './undoes.ts';
import { stopped, writePlan } from './write-plan.ts';

/**
 * Plans how the own migrations of a branch go on top of the base's. It changes nothing: the result
 * is the bytes of every file, or why a person has to decide. The same input gives the same bytes.
 * @throws GuardError as `Evaluator.generate`
 */
export async function planRebase(input: RebaseInput, asks: Asks): Promise<RebasePlan> {
  const { base, own, fork, project, schema, answers } = input;
  const histories = { base: base.history, own: own.history, fork: fork.history };
  const mine = ownMigrations(histories);
  const shared = sharedMigrations(histories);
  if (mine.length + shared.length === 0 || followsBase(histories, mine))
    return { status: 'nothing' };

  if (schema?.status !== 'ok') return stopped([unreadable(schema)]);
  const newest = newestOf(base);
  if ('reason' in newest) return stopped([newest]);
  const { version } = schema.snapshot;
  if (newest.path !== undefined && newest.json['version'] !== version)
    return stopped([broken(newest.path, otherVersion(newest.json, schema.snapshot))]);
  const { dialect } = project;
  const read = await readSteps(mine, { side: own, dialect, asks, target: schema.snapshot });
  const unread = read.filter(isStop);
  if (unread.length > 0) return stopped(unread);
  const steps = read.filter((one): one is Step => !isStop(one));
  const theirs = await readSteps(baseMigrations(histories), {
    side: base,
    dialect,
    asks,
    target: schema.snapshot,
  });
  const baseRenames = theirs.flatMap((one) => (isStop(one) ? [] : one.renames));
  const forked = newestOf(fork);
  const asked = await putOnTop(
    {
      steps,
      fork: 'reason' in forked ? {} : forked.json,
      base: newest.json,
      baseRenames,
      target: schema.snapshot,
    },
    answers,
    asks,
  );
  return 'status' in asked ? asked : writePlan(input, asked, newest.id);
}

/** The steps on top of the base, or why a person has to decide. */
export async function putOnTop(
  request: Omit<ChainRequest, 'answered'>,
  answers: Answers,
  asks: Asks,
): Promise<AskedChain | RebasePlan> {
  const asked = await askChain(request, answers, asks);
  if (asked.stops.length > 0) return stopped(asked.stops);
  const lost =
    answers.takeBack === true || asked.drift !== undefined
      ? []
      : takenBack(asked.chain, request.target);
  if (lost.length > 0)
    return stopped([{ reason: 'takes-back', entities: lost, answers: ['--take-back'] }]);
  if (asked.settled.left.length > 0)
    return stopped([
      { reason: 'not-migrated', entities: asked.settled.left.map(nameOf), answers: [] },
    ]);
  return asked;
}

interface Newest {
  readonly id: string;
  /** Missing where there is no snapshot. */
  readonly path?: RepoPath;
  readonly json: Json;
}

/** The newest snapshot of a side; of one without migrations, nothing. */
function newestOf({ history }: Side): Newest | Stop {
  const { journal, migrations, journalPath } = history;
  if (journal.status === 'invalid')
    return broken(journalPath, journal.problems[0]?.message ?? 'is invalid');
  const file = migrations.findLast(({ snapshot }) => snapshot !== undefined)?.snapshot;
  if (file === undefined) return { id: ORIGIN_ID, json: {} };
  const { snapshot } = file;
  if (snapshot.status === 'ok') return { id: snapshot.id, json: snapshot.json, path: file.path };
  return broken(
    file.path,
    snapshot.status === 'invalid'
      ? (snapshot.problems[0]?.message ?? 'is invalid')
      : 'was not read',
  );
}

function broken(path: string, detail: string): Stop {
  return { reason: 'base-broken', entities: [path], detail, answers: [] };
}

export function unreadable(schema: RebaseInput['schema']): Stop {
  if (schema?.status !== 'unreadable') return { reason: 'no-schema', entities: [], answers: [] };
  const { path, line, message } = schema;
  return {
    reason: 'no-schema',
    entities: [line === undefined ? path : `${path}:${line}`],
    detail: message,
    answers: [],
  };
}

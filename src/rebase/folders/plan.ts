import { readOne } from '../../git/trees/tree.ts';
import { folderSnapshots } from '../../facts/folder-snapshots.ts';
import type { FolderMigration } from '../../history/history.ts';
import type { Project } from '../../project/project.ts';
import { compareSnapshots } from '../../schema/diff/compare.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderSnapshot, ForkConflict } from '../../schema/folders.ts';
import type { EvaluatedSchema } from '../../schema/schema.ts';
import { compareStatements } from '../../sql/compare.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { Order } from '../base-side.ts';
import type { Answers, RebasePlan, Stop } from '../input.ts';
import { answerAll, isAnswered } from './questions.ts';
import { readFolderSides, type FolderSides } from './read.ts';
import { severalAgain } from './several.ts';
import { writeMigration } from './write.ts';

interface FolderRequest {
  readonly project: Project;
  readonly order: Order;
  readonly schema: Promise<EvaluatedSchema>;
  readonly evaluator: Evaluator;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly answers: Answers;
}

interface FolderPlan {
  readonly plan: RebasePlan;
  /** The newest migration of the base. */
  readonly newest?: string;
}

/**
 * Plans what becomes of the own migrations of a branch on drizzle-kit 1.x. Branches need no order
 * there: where what the two sides do goes together, there is nothing to do. An own migration that
 * does not go together with the base's is generated again, on all leaves, from the merged schema.
 * @throws GuardError as `Evaluator.generate`, and `usage` where that is more than one
 */
export async function planFolders(request: FolderRequest): Promise<FolderPlan> {
  const { project, order } = request;
  const sides = await readFolderSides(order, project);
  const newest = sides.base.migrations.at(-1)?.name;
  const done = (plan: RebasePlan): FolderPlan => ({
    plan,
    ...(newest === undefined ? {} : { newest }),
  });
  if (sides.mine.length === 0 || sides.theirs.length === 0) return done({ status: 'nothing' });
  const [base, own] = [folderSnapshots(sides.base), folderSnapshots(sides.own)];
  if (base === undefined) return done(stop({ reason: 'base-broken', entities: [project.out] }));
  if (own === undefined) return done(stop({ reason: 'own-broken', entities: [project.out] }));
  const names = new Set(base.map(({ folder }) => folder));
  const twins = new Set(sides.mine.filter(({ name }) => names.has(name)));
  const together = [...base, ...own.filter(({ folder }) => !names.has(folder))];
  const { again, clashes } = await clashing(request, sides, together, twins);
  const [one, ...more] = again;
  if (one === undefined) return done({ status: 'nothing' });
  if (more.length > 0) throw severalAgain(again, clashes, order.base.name);
  const rest = together.filter(({ folder }) => folder !== one.name || twins.has(one));
  return done(await generateAgain(request, sides, one, { base, own, rest }));
}

/**
 * The own migrations that do not go together with the base's, and those that follow them. On most
 * dialects drizzle-kit only says of which branch a clash is: then its newest migration is taken out
 * first.
 */
async function clashing(
  { project, evaluator }: FolderRequest,
  sides: FolderSides,
  together: readonly FolderSnapshot[],
  twins: ReadonlySet<FolderMigration>,
): Promise<{
  readonly again: readonly FolderMigration[];
  readonly clashes: readonly ForkConflict[];
}> {
  const { mine } = sides;
  let again = withDescendants([...twins], mine);
  const all: ForkConflict[] = [];
  for (;;) {
    const out = new Set(again.filter((one) => !twins.has(one)).map(({ name }) => name));
    const left = together.filter(({ folder }) => !out.has(folder));
    const clashes = (await evaluator.conflicts(project, left)).filter((clash) =>
      isBetween(clash, sides),
    );
    const more = mine.filter(
      (one) => !again.includes(one) && clashes.some((clash) => isOf(one, clash)),
    );
    all.push(...clashes);
    if (more.length === 0) return { again, clashes: all };
    again = withDescendants([...again, ...more], mine);
  }
}

function stop(one: Omit<Stop, 'answers'> & Partial<Pick<Stop, 'answers'>>): RebasePlan {
  return { status: 'stopped', stops: [{ answers: [], ...one }] };
}

/** Of the own and the base's migrations, and not of two of one side. */
function isBetween(clash: ForkConflict, { mine, theirs }: FolderSides): boolean {
  return mine.some((one) => isOf(one, clash)) && theirs.some((one) => isOf(one, clash));
}

function isOf({ name }: FolderMigration, { branches }: ForkConflict): boolean {
  return branches.some(({ source }) => source === name);
}

function withDescendants(
  some: readonly FolderMigration[],
  mine: readonly FolderMigration[],
): readonly FolderMigration[] {
  const ids = new Set(some.map(idOf));
  const found = mine.filter(
    (one) =>
      some.includes(one) ||
      (one.snapshot?.snapshot.status === 'ok' &&
        one.snapshot.snapshot.prevIds.some((id) => ids.has(id))),
  );
  return found.length === some.length ? some : withDescendants(found, mine);
}

function idOf({ snapshot }: FolderMigration): string | undefined {
  return snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.id : undefined;
}

interface Snapshots {
  readonly base: readonly FolderSnapshot[];
  readonly own: readonly FolderSnapshot[];
  /** All that stays. */
  readonly rest: readonly FolderSnapshot[];
}

async function generateAgain(
  { project, order, evaluator, now, answers, schema: evaluating }: FolderRequest,
  sides: FolderSides,
  one: FolderMigration,
  { base, own, rest }: Snapshots,
): Promise<RebasePlan> {
  const { name: migration } = one;
  const schema = await evaluating;
  if (schema.status !== 'ok') return stop(unreadable(schema));
  const [start, change, bytes] = await Promise.all([
    evaluator.base(project, rest),
    evaluator.around(project, own, migration),
    readOne(order.own.tree, one.sqlPath),
  ]);
  if (start.status !== 'ok') return stop({ reason: 'base-broken', entities: [project.out] });
  if (change.status !== 'ok' || bytes === undefined)
    return stop({ reason: 'own-broken', migration, entities: [one.sqlPath] });
  const sql = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const before = await evaluator.generate(project, change.before, change.after, { sql });
  if (before.status !== 'answered' || !isWrittenAs(before.statements, sql, project))
    return stop({ reason: 'edited-differs', migration, entities: [one.sqlPath], detail: EDITED });
  const { renames = [] } = change.after;
  const target = { ...schema.snapshot, renames };
  const asked = await evaluator.generate(project, start.state, target, { sql });
  if (asked.status !== 'answered') throw new TypeError('a question was not answered');
  const given = answerAll(asked.questions ?? [], before.questions ?? [], answers);
  if (!isAnswered(given)) return { status: 'stopped', stops: given.stops(migration) };
  const made = await evaluator.generate(project, start.state, schema.snapshot, {
    renames: given.renames,
  });
  if (made.status !== 'answered') throw new TypeError('a question was not answered');
  const lost = answers.takeBack === true ? [] : await takenBack();
  if (lost.length > 0)
    return stop({ reason: 'takes-back', entities: lost, answers: ['--take-back'] });
  return writeMigration({ project, migration: one, made, parents: start.parents, rest, now });

  /** What the base did and the merged schema undoes, though the own migration did not. */
  async function takenBack(): Promise<readonly string[]> {
    const forked = await evaluator.base(project, folderSnapshots(sides.fork) ?? []);
    const ofBase = await evaluator.base(project, base);
    if (forked.status !== 'ok' || ofBase.status !== 'ok' || change.status !== 'ok') return [];
    const theirs = kinds(forked.state, ofBase.state);
    const mine = kinds(change.before, change.after);
    const fresh =
      start.status === 'ok'
        ? kinds(start.state, schema.status === 'ok' ? schema.snapshot : {})
        : new Map();
    return [...fresh].flatMap(([entity, what]: [string, string]) => {
      const then = theirs.get(entity);
      if (then === undefined || mine.get(entity) === what) return [];
      return !mine.has(entity) || (then === 'added' && what === 'removed') ? [entity] : [];
    });
  }
}

/** What was done to each thing between two states. */
function kinds(before: Json | undefined, after: Json | undefined): ReadonlyMap<string, string> {
  return new Map(
    compareSnapshots(before, after ?? {}).map(({ entity, change }) => [entity, change]),
  );
}

const EDITED =
  'Its SQL is not what drizzle-kit generates: save it, remove the folder, generate it again, and ' +
  'put what you wrote into the new one.';

function isWrittenAs(
  statements: readonly string[],
  sql: string,
  { dialect }: Pick<Project, 'dialect'>,
): boolean {
  const generated = statements.flatMap((statement) => splitStatements(statement, dialect));
  return compareStatements(generated, splitStatements(sql, dialect)).same;
}

function unreadable(schema: EvaluatedSchema): Omit<Stop, 'answers'> {
  if (schema.status !== 'unreadable') return { reason: 'no-schema', entities: [] };
  const { path, line, message } = schema;
  return {
    reason: 'no-schema',
    entities: [line === undefined ? path : `${path}:${line}`],
    detail: message,
  };
}

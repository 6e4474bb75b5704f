import { isDeepStrictEqual } from 'node:util';
import type { Tree } from '../../git/trees/tree.ts';
import { folderSnapshots } from '../../facts/folder-snapshots.ts';
import { isFolders, type FolderMigration } from '../../history/history.ts';
import { readHistory } from '../../history/read.ts';
import { ORIGIN_ID } from '../../history/snapshot.ts';
import type { Project } from '../../project/project.ts';
import { listField, type Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderBase, FolderSnapshot } from '../../schema/folders.ts';
import type { EvaluatedSchema } from '../../schema/schema.ts';
import type { Order } from '../base-side.ts';
import type { Answers, Asks, RebasePlan, Stop } from '../input.ts';
import { putOnTop, unreadable } from '../plan.ts';
import { stopped } from '../write-plan.ts';
import { idOf, madeAgain, parentsOf, withWrongParents } from './clashing.ts';
import { readFolderSides, type FolderSides } from './read.ts';
import { mayAsk } from './between-rows.ts';
import { openForms } from './rows.ts';
import { inOldWords, isAround, readAround, stepOf, type Around } from './steps.ts';
import { leaveOut, withoutCopies } from './copies.ts';
import { withMoved } from './with-moved.ts';
import { writeMigrations } from './write.ts';

export interface FolderRequest {
  readonly project: Project;
  readonly order: Order;
  readonly schema: Promise<EvaluatedSchema>;
  readonly evaluator: Evaluator;
  /** The files as the merge left them. */
  readonly merged: Tree;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly answers: Answers;
  /** Whether the commit that comes of it has the own side as a parent: not in a rebase. */
  readonly isMerge: boolean;
  /** The oid that git gives to bytes. */
  readonly oidOf: (bytes: Uint8Array) => string;
}

interface FolderPlan {
  readonly plan: RebasePlan;
  /** The newest migration of the base. */
  readonly newest?: string;
  /** The base's tree, where it had to be moved into folders. */
  readonly baseTree?: Tree;
  /** The own side's, with the migrations that the merge made. */
  readonly ownTree?: Tree;
}

/**
 * Plans what becomes of the own migrations of a branch on drizzle-kit 1.x. Branches need no order
 * there: what goes together with the base's stays as it is. What does not, and what stands on that,
 * is put on top of all other leaves, as 0.x's migrations are on top of the base's last.
 * @throws GuardError as `Evaluator.generate`
 */
export async function planFolders(request: FolderRequest): Promise<FolderPlan> {
  const sides = await readFolderSides(request.order, request);
  if ('reason' in sides) return { plan: stopped([sides]) };
  const { order, moved } = sides;
  const newest = sides.base.migrations.at(-1)?.name;
  const { copies, rest } = withoutCopies(sides);
  const planned = await planSides({ ...request, order }, rest);
  const plan = planned.status === 'stopped' ? planned : leaveOut(copies, planned);
  return {
    plan: plan.status === 'stopped' ? plan : await withMoved(plan, rest),
    ...(newest === undefined ? {} : { newest }),
    ...(moved === 'base' ? { baseTree: order.base.tree } : {}),
    ...(moved === undefined ? { ownTree: order.own.tree } : {}),
  };
}

async function planSides(request: FolderRequest, sides: FolderSides): Promise<RebasePlan> {
  const { out } = request.project;
  if (sides.mine.length === 0) return { status: 'nothing' };
  const [base, own] = [folderSnapshots(sides.base), folderSnapshots(sides.own)];
  if (base === undefined) return stopped([broken('base-broken', out)]);
  if (own === undefined) return stopped([broken('own-broken', out)]);
  const lost = withWrongParents(request.project, sides);
  if (lost.length > 0) return stopped(lost);
  const names = new Set(sides.mine.map(({ name }) => name));
  const mine = own.filter(({ folder }) => names.has(folder));
  const { project, evaluator, isMerge } = request;
  const reading = { project, evaluator, tree: sides.order.own.tree, snapshots: own };
  // A merge has the commit in which they were right; in a rebase they are new ones of 1.x.
  const isNew = sides.moved === 'own' && !isMerge;
  const old = isNew ? await inOldWords(withSnapshot(sides.mine), reading) : new Set<string>();
  const again = await madeAgain(request, sides, { base, mine }, old);
  if (again.length === 0) return { status: 'nothing' };
  const gone = new Set(again.map(({ name }) => name));
  const staying = mine.filter(({ folder }) => !gone.has(folder));
  return putAgain(request, sides, again, { base, own, staying });
}

interface Snapshots {
  readonly base: readonly FolderSnapshot[];
  readonly own: readonly FolderSnapshot[];
  /** Of the own side's, what goes together with the base's. */
  readonly staying: readonly FolderSnapshot[];
}

async function putAgain(
  request: FolderRequest,
  sides: FolderSides,
  again: readonly FolderMigration[],
  { base, own, staying }: Snapshots,
): Promise<RebasePlan> {
  const { project, order, evaluator, answers } = request;
  const rest = [...base, ...staying];
  const [schema, start, forked, mine, theirs] = await Promise.all([
    request.schema,
    evaluator.base(project, rest),
    forkState(request, sides, staying, again),
    withFormer(order, project, own).then((former) => {
      // A migration that the merge made has parents on both sides.
      const known = new Set<unknown>(former.flatMap(({ folder, json }) => [folder, json['id']]));
      const isNew = ({ folder, json }: FolderSnapshot): boolean =>
        !known.has(folder) && !known.has(json['id']);
      const snapshots = [...former, ...base.filter(isNew)];
      const { tree } = order.own;
      return readAround(again, { project, evaluator, tree, snapshots, generates: true });
    }),
    readAround(withSnapshot(sides.theirs), {
      project,
      evaluator,
      tree: order.base.tree,
      snapshots: base,
    }),
  ]);
  if (schema.status !== 'ok') return stopped([unreadable(schema)]);
  if (start.status !== 'ok') return stopped([broken('base-broken', project.out, start)]);
  const unread = mine.filter((one): one is Stop => !isAround(one));
  if (unread.length > 0) return stopped(unread);
  const around = mine.filter(isAround);
  const before = forked === 'first' ? around[0]?.before : forked;
  const forms = openForms([start.state, schema.snapshot, before], schema.snapshot);
  const asks: Asks = {
    generate: async (from, to, recorded) => {
      const rows = from === undefined ? undefined : forms.toRows(from);
      const answered = await evaluator.generate(project, rows, forms.toRows(to), recorded);
      if (answered.status !== 'answered') throw new TypeError('a question was not answered');
      return answered;
    },
    mayAsk: (from, to) => from !== undefined && mayAsk(forms.toRows(from), forms.toRows(to)),
    agreed: async () =>
      (
        await Promise.all([
          agrees(request, order.base.tree, base),
          agrees(request, order.own.tree, own),
        ])
      ).every((one) => one),
  };
  const inSteps = async (some: readonly Around[]) =>
    Promise.all(some.map((one) => stepOf(one, { project, forms, asks }, sides.moved === 'own')));
  const asked = await putOnTop(
    {
      steps: await inSteps(around),
      fork: forms.toNames(before),
      base: forms.toNames(start.state),
      baseRenames: (await inSteps(theirs.filter(isAround))).flatMap(({ renames }) => renames),
      target: forms.toNames(schema.snapshot),
    },
    answers,
    asks,
  );
  if ('status' in asked) return asked;
  const baseSql = theirs.filter(isAround).map(({ sql }) => sql);
  return writeMigrations({
    ...request,
    again,
    asked,
    forms,
    rest,
    baseSql,
    target: schema.snapshot,
  });
}

/**
 * The schema from which the two sides went apart, with what of the own side stays.
 * @returns 'first' where that is what the first migration was made on, or the base itself
 */
async function forkState(
  { project, evaluator }: FolderRequest,
  { fork, theirs }: FolderSides,
  staying: readonly FolderSnapshot[],
  [first]: readonly FolderMigration[],
): Promise<Json | undefined | 'first'> {
  const known = folderSnapshots(fork);
  if (theirs.length === 0 || known === undefined) return 'first';
  const leaves = isFolders(fork) ? fork.leaves.map(idOf) : [];
  const madeOn = first === undefined ? [] : parentsOf(first);
  if (staying.length === 0 && leaves.length === 1 && isDeepStrictEqual(leaves, madeOn))
    return 'first';
  const both = await evaluator.base(project, [...known, ...staying]);
  return both.status === 'ok' ? both.state : 'first';
}

/**
 * A rebase that git finished by itself leaves a migration behind one that was put on top and has
 * another id since: what it stood on is in the branch as it was before.
 */
async function withFormer(
  { former }: Order,
  { out }: Project,
  own: readonly FolderSnapshot[],
): Promise<readonly FolderSnapshot[]> {
  const ids = new Set<unknown>([ORIGIN_ID, ...own.map(({ json }) => json['id'])]);
  const isWhole = own.every(({ json }) => listField(json, 'prevIds').every((id) => ids.has(id)));
  if (isWhole || former === undefined) return own;
  const before = folderSnapshots(await readHistory(former, out, { layout: 'folders' })) ?? [];
  return [...own, ...before.filter(({ json }) => !ids.has(json['id']))];
}

/** Whether drizzle-kit finds nothing to generate in a tree. */
async function agrees(
  { project, evaluator }: FolderRequest,
  tree: Tree,
  snapshots: readonly FolderSnapshot[],
): Promise<boolean> {
  const [schema, start] = await Promise.all([
    evaluator.evaluate(tree, project),
    evaluator.base(project, snapshots),
  ]);
  if (schema.status !== 'ok' || start.status !== 'ok') return false;
  const generated = await evaluator.generate(project, start.state, schema.snapshot);
  return generated.status === 'answered' && generated.statements.length === 0;
}

function withSnapshot(some: readonly FolderMigration[]): readonly FolderMigration[] {
  return some.filter(({ snapshot }) => snapshot !== undefined);
}

function broken(
  reason: 'base-broken' | 'own-broken',
  out: string,
  found?: Exclude<FolderBase, { status: 'ok' }>,
): Stop {
  const detail =
    found?.status === 'refused'
      ? found.problems[0]?.message
      : found?.conflicts[0]?.branches.map(({ source, text }) => `${source}: ${text}`).join('\n');
  return { reason, entities: [out], answers: [], ...(detail === undefined ? {} : { detail }) };
}

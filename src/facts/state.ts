import type { ProjectState } from './change.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { readHistory } from '../history/read.ts';
import type { History, SnapshotFile } from '../history/history.ts';
import { howToGenerate } from '../project/scripts/how-to-generate.ts';
import type { Project } from '../project/project.ts';
import { isWritten } from '../history/written-dialect.ts';
import type { Difference, Drift, EvaluatedSchema, Generated } from '../schema/schema.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import { SnapshotRefused } from '../schema/kit/snapshot-refused.ts';
import type { EvaluateOptions, SchemaSession } from '../schema/evaluator.ts';

export interface StateRequest {
  readonly tree: Tree;
  readonly project: Project;
  readonly session: SchemaSession;
  /** Paths that the change touches: their migrations are read whole. */
  readonly changed: ReadonlySet<RepoPath>;
  /** Read every migration whole. */
  readonly all: boolean;
  readonly ignored: readonly RepoPath[];
  readonly now: number;
  /** False where no rule that is asked depends on the schema. */
  readonly evaluate: boolean;
  /** Snapshots that the other side of the change needed. */
  readonly also?: ReadonlySet<RepoPath>;
  /** What has to be evaluated after this where the schema drifts. */
  readonly next?: EvaluateOptions['next'];
  /** The tree that will be judged after this one, probably with the same project. */
  readonly coming?: () => Promise<Tree | undefined>;
  /** The tree's history, where the caller reads it already. */
  readonly history?: Promise<History>;
}

/** The project's history in a tree, read as far as the change asks for. */
export function historyOf({
  tree,
  project,
  changed,
  all,
  also,
}: Pick<StateRequest, 'tree' | 'project' | 'changed' | 'all' | 'also'>): Promise<History> {
  return readHistory(tree, project.out, { changed, all, ...(also === undefined ? {} : { also }) });
}

/** Everything that a rule may see of one project in one tree. */
export async function readState(request: StateRequest): Promise<ProjectState> {
  const { tree, project, session } = request;
  const evaluate = request.evaluate && session.evaluates;
  const [history, schema, how] = await Promise.all([
    request.history ?? historyOf(request),
    evaluate ? session.evaluate(tree, project, { next: () => soon(request) }) : NOT_EVALUATED,
    howToGenerate(tree, project),
  ]);
  const snapshotVersion = await session.snapshotVersion(project);
  const drift = evaluate
    ? await judgeDrift(tree, project, history, schema, session, request.next)
    : ({ status: 'not-judged' } as const);
  return {
    project,
    history,
    schema,
    drift,
    ignored: request.ignored,
    now: request.now,
    snapshotVersion,
    how,
  };
}

async function soon({
  project,
  next,
  coming,
}: StateRequest): Promise<Awaited<ReturnType<NonNullable<EvaluateOptions['next']>>>> {
  const [before, after] = await Promise.all([next?.() ?? [], coming?.()]);
  return after === undefined ? before : [...before, { tree: after, project }];
}

/**
 * Asks drizzle-kit what it would generate from the newest snapshot to the evaluated schema. Where this will be something,
 * what is evaluated next is begun at once: the thread has nothing else to do while the difference is looked at.
 */
export async function judgeDrift(
  tree: Tree,
  project: Project,
  history: History,
  schema: EvaluatedSchema,
  session: SchemaSession,
  next?: EvaluateOptions['next'],
): Promise<Drift> {
  if (schema.status !== 'ok') return { status: 'not-judged' };
  const newest = newestSnapshot(history);
  if (newest !== undefined && newest.snapshot.status !== 'ok') return { status: 'not-judged' };
  if (newest?.snapshot.status === 'ok') {
    // Another version or dialect is snapshot-invalid's: drizzle-kit does not diff against it either.
    const { version, dialect } = newest.snapshot;
    if (
      Number(version) !== (await session.snapshotVersion(project)) ||
      !isWritten(dialect, project.dialect)
    )
      return { status: 'not-judged' };
  }
  const before = newest?.snapshot.status === 'ok' ? newest.snapshot.json : undefined;
  let generated: Generated;
  try {
    const asked = session.generate(project, before, schema.snapshot);
    if (next !== undefined && before !== undefined)
      begin(before, schema.snapshot, session, next).catch(() => undefined);
    generated = await asked;
  } catch (error) {
    if (before !== undefined && error instanceof SnapshotRefused)
      return { status: 'not-judged', refused: `is not as drizzle-kit wants it (${error.issue})` };
    throw error;
  }
  if (generated.status === 'answered' && generated.statements.length === 0)
    return { status: 'none' };
  if (before === undefined && history.migrations.length === 0)
    return { status: 'no-history', generated };
  const { findOrigins } = await import('../schema/diff/origins.ts');
  const differences = await nameDifferences(before, schema.snapshot, () =>
    session.evaluate(tree, project, { fresh: true }),
  );
  const origins = await findOrigins(tree, schema.closure, differences);
  return { status: 'drift', generated, differences, origins };
}

async function begin(
  before: Json,
  after: Json,
  session: SchemaSession,
  next: NonNullable<EvaluateOptions['next']>,
): Promise<void> {
  const { sameButForIds } = await import('../schema/kit/generate.ts');
  if (sameButForIds(before, after)) return;
  for (const { tree, project } of await next()) session.begin(tree, project);
}

/** Where a default differs, a second evaluation tells whether it ever stands still. */
async function nameDifferences(
  before: Json | undefined,
  after: Json,
  again: () => Promise<EvaluatedSchema>,
): Promise<readonly Difference[]> {
  const { compareSnapshots } = await import('../schema/diff/compare.ts');
  const differences = compareSnapshots(before, after);
  if (
    !differences.some(
      ({ kind, change, detail }) =>
        kind === 'column' && change !== 'removed' && detail.includes('default '),
    )
  )
    return differences;
  const second = await again();
  if (second.status !== 'ok') return differences;
  const { isVolatile, withoutVolatileDefaults } =
    await import('../schema/diff/volatile-defaults.ts');
  const settled = withoutVolatileDefaults(before, after, second.snapshot);
  return compareSnapshots(settled.before, settled.after).map((one) =>
    isVolatile(one.detail) ? { ...one, volatile: true } : one,
  );
}

/**
 * What drizzle-kit diffs against. With `prefix: 'none'` it overlooks its own `_snapshot.json` and repeats everything
 * (measured with 0.31.11); the guard then takes the snapshot of the journal's last migration, or nobody could ever pass.
 */
function newestSnapshot(history: History): SnapshotFile | undefined {
  return history.newest ?? history.migrations.at(-1)?.snapshot;
}

const NOT_EVALUATED: EvaluatedSchema = {
  status: 'ok',
  snapshot: {},
  closure: new Set(),
  consulted: new Set(),
};

import type { ProjectState } from './change.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { historyOf } from './history-of.ts';
import {
  isFolders,
  type FolderHistory,
  type History,
  type SnapshotFile,
} from '../history/history.ts';
import { folderSnapshots } from './folder-snapshots.ts';
import { forksOf } from './forks.ts';
import { howToGenerate } from '../project/scripts/how-to-generate.ts';
import type { Project } from '../project/project.ts';
import { whatIsWritten } from '../history/layout.ts';
import { isWritten } from '../history/written-dialect.ts';
import type { Difference, Drift, EvaluatedSchema } from '../schema/schema.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../schema/evaluator.ts';

interface StateRequest {
  readonly tree: Tree;
  readonly project: Project;
  readonly evaluator: Evaluator;
  /** Paths that the change touches: their migrations are read whole. */
  readonly changed: ReadonlySet<RepoPath>;
  /** Read every migration whole. */
  readonly all: boolean;
  /** What git ignores of the migrations folder; it may still be asked. */
  readonly ignored: readonly RepoPath[] | Promise<readonly RepoPath[]>;
  readonly now: number;
  /** False where no rule that is asked depends on the schema. */
  readonly evaluate: boolean;
  /** Snapshots that the other side of the change needed. */
  readonly also?: ReadonlySet<RepoPath>;
  /** Whether a commit is judged, which another drizzle-kit than the installed one may have written. */
  readonly isCommit?: boolean;
  /** The tree's history, where the caller reads it already. */
  readonly history?: Promise<History>;
  /** The evaluation of the tree, where the caller has it already. */
  readonly schema?: EvaluatedSchema;
  /** As `HistoryRequest` has it. */
  readonly isLifted?: boolean;
}

/** Everything that a rule may see of one project in one tree. */
export async function readState(request: StateRequest): Promise<ProjectState> {
  const { tree, project, evaluator, changed, all, also } = request;
  const evaluate = request.evaluate && evaluator.evaluates;
  const [history, schema, how, ignored] = await Promise.all([
    request.history ??
      historyOf({
        tree,
        project,
        evaluator,
        changed,
        all,
        ...(also === undefined ? {} : { also }),
        ...(request.isLifted === true ? { isLifted: true } : {}),
      }),
    evaluate ? (request.schema ?? evaluator.evaluate(tree, project)) : NOT_EVALUATED,
    howToGenerate(tree, project),
    request.ignored,
  ]);
  const [snapshotVersion, kitLayout] = await Promise.all([
    evaluator.snapshotVersion(project),
    evaluator.evaluates ? evaluator.layout(project, tree) : undefined,
  ]);
  const drift = evaluate
    ? await judgeDrift(tree, project, history, schema, evaluator)
    : ({ status: 'not-judged' } as const);
  const notWritten = whatIsWritten(project.out, isFolders(history) ? 'journal' : 'folders');
  const forks =
    kitLayout === 'folders'
      ? await forksOf(project, history, evaluator, (path) => changed.has(path))
      : undefined;
  return {
    project,
    history,
    ...(forks === undefined ? {} : { forks }),
    ...(kitLayout !== undefined && kitLayout !== history.layout && request.isCommit === true
      ? await declaredLayout(tree, project)
      : {}),
    ...(kitLayout === undefined ? {} : { kitLayout }),
    schema,
    drift,
    ignored: ignored.filter((path) => !notWritten.includes(path)),
    now: request.now,
    snapshotVersion,
    how,
  };
}

/** Asks drizzle-kit what it would generate from the newest snapshot to the evaluated schema. */
export async function judgeDrift(
  tree: Tree,
  project: Project,
  history: History,
  schema: EvaluatedSchema,
  evaluator: Evaluator,
): Promise<Drift> {
  // Of another layout than the installed drizzle-kit's it knows nothing: journal-invalid says so.
  if (schema.status !== 'ok' || history.layout !== (await evaluator.layout(project, tree)))
    return { status: 'not-judged' };
  const base = isFolders(history)
    ? await folderBase(project, history, evaluator)
    : await journalBase(project, history, evaluator);
  if ('status' in base) return base;
  const { before } = base;
  const generated = await evaluator.generate(project, before, schema.snapshot);
  if (generated.status === 'answered' && generated.fails !== undefined)
    return { status: 'fails', messages: generated.fails };
  if (generated.status === 'answered' && generated.statements.length === 0)
    return { status: 'none' };
  if (before === undefined && history.migrations.length === 0)
    return { status: 'no-history', generated };
  const { findOrigins } = await import('../schema/diff/origins.ts');
  const differences = await nameDifferences(before, schema.snapshot, () =>
    evaluator.evaluateAgain(tree, project),
  );
  const origins = await findOrigins(tree, schema.closure, differences);
  return { status: 'drift', generated, differences, origins };
}

/** What the schema is compared with; or why there is nothing to compare with. */
type Base = { readonly before: Json | undefined } | Drift;

async function journalBase(
  project: Project,
  history: History,
  evaluator: Evaluator,
): Promise<Base> {
  const newest = newestSnapshot(history);
  if (newest !== undefined && newest.snapshot.status !== 'ok') return { status: 'not-judged' };
  if (newest?.snapshot.status === 'ok') {
    // Another version or dialect is snapshot-invalid's: drizzle-kit does not diff against it
    // either.
    const { version, dialect } = newest.snapshot;
    if (
      Number(version) !== (await evaluator.snapshotVersion(project)) ||
      !isWritten(dialect, project.dialect)
    )
      return { status: 'not-judged' };
  }
  return { before: newest?.snapshot.status === 'ok' ? newest.snapshot.json : undefined };
}

async function declaredLayout(
  tree: Tree,
  { base }: Project,
): Promise<Pick<ProjectState, 'declaredLayout'>> {
  const { declaredKitVersion } = await import('../project/scripts/declared-kit-version.ts');
  const declared = await declaredKitVersion(tree, base);
  if (declared === undefined) return {};
  return { declaredLayout: /^[~^=v\s]*0\./.test(declared.version) ? 'journal' : 'folders' };
}

async function folderBase(
  project: Project,
  history: FolderHistory,
  evaluator: Evaluator,
): Promise<Base> {
  const snapshots = folderSnapshots(history);
  const version = await evaluator.snapshotVersion(project);
  // Those that cannot be read, and those of another version or dialect, are snapshot-invalid's.
  const isForeign = history.migrations.some(
    ({ snapshot: file }) =>
      file?.snapshot.status === 'ok' &&
      (Number(file.snapshot.version) !== version ||
        !isWritten(file.snapshot.dialect, project.dialect, 'folders')),
  );
  if (snapshots === undefined || isForeign) return { status: 'not-judged' };
  const base = await evaluator.base(project, snapshots);
  return base.status === 'ok' ? { before: base.state } : base;
}

/**
 * What differs between two snapshots. Where a default differs, a second evaluation of the later one
 * shows whether it changes each time.
 */
export async function nameDifferences(
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
 * What drizzle-kit diffs against. With `prefix: 'none'` it overlooks its own `_snapshot.json` and
 * repeats everything (measured with 0.31.11); the guard then takes the snapshot of the journal's
 * last migration, or nobody could ever pass.
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

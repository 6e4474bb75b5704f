import type { Tree } from '../git/trees/tree.ts';
import {
  isFolders,
  type FileProblem,
  type History,
  type ReadHistory,
  type SnapshotFile,
} from '../history/history.ts';
import { everySnapshot, readHistory } from '../history/read.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';

interface HistoryRequest extends ReadHistory {
  readonly tree: Tree;
  readonly project: Project;
  readonly evaluator: Pick<
    Evaluator,
    'evaluates' | 'layout' | 'snapshotProblems' | 'snapshotVersion' | 'up' | 'versionsFor'
  >;
  /**
   * Of a commit, whose files may name an older drizzle-kit 1.x: it is judged as `up` leaves it. The
   * project in the trees before it.
   */
  readonly recordedAfter?: () => Promise<
    readonly { readonly tree: Tree; readonly project: Project }[]
  >;
  /** Likewise, where what is compared with it is. */
  readonly isLifted?: boolean;
}

/**
 * A project's history in a tree, read as far as the change asks for. drizzle-kit's own validator is
 * asked about every snapshot, read or not, because one that it refuses stops every
 * `drizzle-kit generate`: such a snapshot is invalid here too.
 * @throws GuardError `object-missing`, and `kit-missing`, `kit-unsupported`, `kit-failed`.
 */
export async function historyOf(request: HistoryRequest): Promise<History> {
  const { tree, project, evaluator, recordedAfter: before, isLifted, ...options } = request;
  const layout = evaluator.evaluates ? await evaluator.layout(project, tree) : undefined;
  const history = await readHistory(tree, project.out, {
    ...options,
    ...(layout === undefined ? {} : { layout }),
  });
  // Of files that are no snapshots at all, and links, other words are said already.
  const files = everySnapshot(history).filter(
    ({ path, snapshot }) => snapshot.status !== 'invalid' && path.endsWith('.json'),
  );
  // Each drizzle-kit reads its own layout alone.
  if (history.layout !== layout || files.length === 0) return history;
  const refused = await evaluator.snapshotProblems(project, tree, files);
  if (refused.size > 0) return withProblems(history, refused);
  if (!isFolders(history) || (before === undefined && isLifted !== true)) return history;
  const { asUpLeaves, ofOlderKit } = await import('./switch/of-older-kit.ts');
  return before === undefined
    ? asUpLeaves(history, project, evaluator)
    : ofOlderKit(history, { tree, project }, evaluator, before);
}

/**
 * The history as it is written, for whom drizzle-kit's own judgement makes no difference. Only where
 * both layouts are there, or neither, the installed one decides, if there is one.
 */
export async function writtenHistory({
  tree,
  project,
  evaluator,
  ...options
}: Omit<HistoryRequest, 'evaluator'> & {
  readonly evaluator: Pick<Evaluator, 'layout'>;
}): Promise<History> {
  return readHistory(tree, project.out, {
    ...options,
    layout: () => evaluator.layout(project, tree).catch(() => undefined),
  });
}

function withProblems(
  history: History,
  refused: ReadonlyMap<RepoPath, readonly FileProblem[]>,
): History {
  const judged = (file: SnapshotFile): SnapshotFile => {
    const problems = refused.get(file.path);
    return problems === undefined ? file : { ...file, snapshot: { status: 'invalid', problems } };
  };
  const { migrations, orphanSnapshots, newest } = history;
  return {
    ...history,
    migrations: migrations.map((one) =>
      one.snapshot === undefined ? one : { ...one, snapshot: judged(one.snapshot) },
    ),
    orphanSnapshots: orphanSnapshots.map(judged),
    ...(newest === undefined ? {} : { newest: judged(newest) }),
  };
}

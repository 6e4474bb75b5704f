import { isInOut } from '../history/layout.ts';
import type { ProjectState } from '../facts/change.ts';
import type { IndexChange } from '../git/trees/index-tree.ts';
import { unstagedFiles } from '../git/worktree/unstaged.ts';
import { stashed } from '../git/worktree/stash.ts';
import type { UnstagedFile } from '../git/worktree/unstaged-file.ts';
import { overlayTree } from '../git/trees/overlay-tree.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { nameOf, rule as schemaDrift } from '../rules/schema-drift.ts';
import { rule as splitCommitRule, splitCommit, type Split } from '../rules/split-commit.ts';
import { splitByBefore, violationsOf, type Violation } from './new-findings.ts';
import { couldMatter } from '../relevance/by-name.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import { historyOf } from '../facts/history-of.ts';
import { judgeDrift } from '../facts/state.ts';

interface SplitRequest {
  readonly repository: Repository;
  readonly index: IndexChange;
  readonly project: Project;
  /** The state that the commit would record, with its findings. */
  readonly after: ProjectState;
  readonly introduced: readonly Violation[];
  /** Of the states before: what they already had does not count against the joined state either. */
  readonly before: readonly Violation[];
  readonly evaluator: Evaluator;
  /** Discovers the project in a tree with other files. */
  readonly rediscover: (tree: Tree) => Promise<Project | undefined>;
}

type SplitAnswer =
  | {
      readonly status: 'split';
      readonly violation: Violation;
      readonly explains: readonly Violation[];
    }
  /** The other half is there, and git ignores it. */
  | {
      readonly status: 'ignored';
      readonly paths: readonly RepoPath[];
      readonly explains: readonly Violation[];
    };

/**
 * Finds the other half of the change among the unstaged files and in the newest stash. The tree is
 * judged again with that half: only if nothing is left to refuse, the commit is called split.
 */
export async function findSplit(request: SplitRequest): Promise<SplitAnswer | undefined> {
  const explains = request.introduced.filter(({ rule }) => rule.fixedByOtherHalf === true);
  if (explains.length === 0) return undefined;
  const [all, stash] = await Promise.all([
    unstagedFiles(request.repository, request.index, ['', request.project.out]),
    request.index.after.entries().then((entries) => stashed(request.repository, [''], entries)),
  ]);
  const belongs = ({ path }: UnstagedFile): boolean => mayBelong(path, request);
  const unstaged = all.filter(belongs);
  // A stashed form of a staged file would not be added to it, but replace it.
  const staged = new Set(request.index.changed.map(({ path }) => path));
  // lint-staged hides a part of the working tree in a stash while it runs.
  const loose = new Map(
    [...unstaged, ...stash.filter((one) => one.state !== 'stashed' && belongs(one))].map((one) => [
      one.path,
      one,
    ]),
  );
  for (const candidates of [
    [...loose.values()],
    stash.filter(({ path, state }) => state === 'stashed' && !staged.has(path)),
  ]) {
    const answer = await joinHalves(request, candidates, explains);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

async function joinHalves(
  request: SplitRequest,
  candidates: readonly UnstagedFile[],
  explains: readonly Violation[],
): Promise<SplitAnswer | undefined> {
  const { project } = request;
  const inOut = candidates.filter(({ path }) => isInOut(project.out, path));
  const elsewhere = candidates.filter(
    ({ path, state }) => !isInOut(project.out, path) && state !== 'ignored',
  );
  const halves: readonly (readonly [Split['half'], readonly UnstagedFile[]])[] = [
    ['migration', inOut],
    ['schema', elsewhere],
    ['both', [...inOut, ...elsewhere]],
  ];
  for (const [half, files] of halves) {
    if (files.length === 0 || (half === 'both' && (inOut.length === 0 || elsewhere.length === 0)))
      continue;
    const joined = await joinedState(request, half, files);
    if (joined === undefined || !isFixed(joined.violations, request.before)) continue;
    const missing = files.filter(({ path }) => isInOut(project.out, path) || joined.touches(path));
    if (missing.length === 0) continue;
    const ignored = missing.filter(({ state }) => state === 'ignored').map(({ path }) => path);
    if (ignored.length > 0) return { status: 'ignored', paths: ignored, explains };
    return {
      status: 'split',
      violation: {
        ...splitCommit({
          missing,
          half: half === 'schema' && !touchesOut(request) ? 'fixed' : half,
          about: aboutOf(explains, request.after),
        }),
        rule: splitCommitRule,
      },
      explains,
    };
  }
  return undefined;
}

/** Whether the commit itself records something of the migrations folder. */
function touchesOut({ index, project }: SplitRequest): boolean {
  return index.changed.some(({ path }) => isInOut(project.out, path));
}

async function joinedState(
  request: SplitRequest,
  half: Split['half'],
  files: readonly UnstagedFile[],
) {
  const { after, index, evaluator } = request;
  const tree = overlayTree(index.after, 'the index with the working tree', await changesOf(files));
  const project = half === 'migration' ? request.project : await request.rediscover(tree);
  if (project === undefined) return undefined;
  const changed = new Set(files.map(({ path }) => path));
  const history =
    half === 'schema' ? after.history : await historyOf({ tree, project, evaluator, changed });
  const schema = half === 'migration' ? after.schema : await evaluator.evaluate(tree, project);
  if (schema.status === 'unset') return undefined;
  const drift = await judgeDrift(tree, project, history, schema, evaluator);
  return {
    violations: violationsOf({ ...after, project, history, schema, drift, ignored: [] }),
    /** Whether the evaluation with, or without, the half looked at the path. */
    touches: (path: RepoPath) =>
      schema.closure.has(path) ||
      schema.consulted.has(path) ||
      after.schema.closure.has(path) ||
      path === project.config,
  };
}

function isFixed(joined: readonly Violation[], before: readonly Violation[]): boolean {
  return splitByBefore(joined, before).introduced.length === 0;
}

async function changesOf(files: readonly UnstagedFile[]) {
  const changes = await Promise.all(
    files.map(async (file) => {
      if (file.state === 'deleted' || file.entry === undefined)
        return [file.path, undefined] as const;
      return [file.path, { entry: file.entry, bytes: await file.read() }] as const;
    }),
  );
  return new Map(changes);
}

/** Outside the migrations folder only what an evaluation could read is worth joining. */
function mayBelong(path: RepoPath, { project, after: { schema } }: SplitRequest): boolean {
  return (
    isInOut(project.out, path) ||
    couldMatter(path) ||
    schema.closure.has(path) ||
    schema.consulted.has(path)
  );
}

/** In a few words: the first things that differ, or what the first finding says. */
function aboutOf(explains: readonly Violation[], { drift }: ProjectState): string {
  if (drift.status !== 'drift' || !explains.some(({ rule }) => rule === schemaDrift))
    return explains[0]?.describe(explains[0].entities).message ?? '';
  const named = drift.differences.map(nameOf);
  return named.length > 3
    ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more`
    : named.join(', ');
}

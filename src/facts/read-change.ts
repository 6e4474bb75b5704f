import { isInOut } from '../history/layout.ts';
import { isFolders, isJournal, type History } from '../history/history.ts';
import { readHistory, snapshotsRead } from '../history/read.ts';
import { historyOf } from './history-of.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { mergeBase } from '../git/refs/merge-base.ts';
import type { PublishedCommits } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import { DEPLOYS } from '../model/deploys.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { ProjectChange, StateBefore } from './change.ts';
import type { Against } from './other-branches.ts';
import { readPublished } from './published.ts';
import type { SaidOfDatabases } from './review/review.ts';
import { inFolders } from './switch/in-folders.ts';
import { lifted } from './switch/lifted.ts';
import { readSqlOrigins } from './sql-origin/read-origins.ts';

/** The project in a tree that the checked one comes from. */
export interface ProjectBefore {
  readonly project: Project;
  readonly tree: Tree;
  /** A revision that names the tree, for `git restore --source=<rev>`. */
  readonly rev: string;
  /** Full oid of its commit. */
  readonly oid?: string;
}

interface ChangeRequest {
  readonly repository: Repository;
  readonly evaluator: Evaluator;
  readonly tree: Tree;
  readonly project: Project;
  readonly history: Promise<History>;
  readonly before: () => Promise<readonly ProjectBefore[]>;
  /** Full oids of the commits that the checked tree comes from, as far as these are commits. */
  readonly parents: readonly (string | undefined)[];
  /** Paths that differ from any tree before. */
  readonly changed: ReadonlySet<RepoPath>;
  /** What belongs to no project alone is said of this one. */
  readonly isFirstProject: boolean;
  /** Read every migration whole. */
  readonly all: boolean;
  readonly published: () => Promise<PublishedCommits>;
  /** The branches that this will be merged with; `head`: full oid of the commit that will be. */
  readonly mergeTargets?: { readonly head: string; readonly against: readonly Against[] };
  /**
   * Full oid, if a commit is checked: another drizzle-kit than the installed one may have written it.
   */
  readonly commit?: string;
  /** Compare the SQL of the newest migration alone. */
  readonly newestOnly: boolean;
  /** The rule that a comment in the SQL names to excuse a difference. */
  readonly excusedAs: string;
  /** From the guard's config. */
  readonly said: SaidOfDatabases;
  /** Nobody asks what the new migrations do to databases with rows. */
  readonly withoutReviews?: true;
}

/**
 * Collects what was done to a project: the histories before, what is published, the origin of new
 * SQL, other branches.
 */
export async function readChange(request: ChangeRequest): Promise<Omit<ProjectChange, 'after'>> {
  const { repository, evaluator, tree, project, changed, commit, excusedAs } = request;
  const [history, projectsBefore, snapshotVersion] = await Promise.all([
    request.history,
    request.before(),
    evaluator.snapshotVersion(project),
  ]);
  const also = snapshotsRead(history);
  const recorded = await Promise.all(
    projectsBefore.map(async (one): Promise<StateBefore> => ({
      project: one.project,
      history: await historyOf({
        tree: one.tree,
        project: one.project,
        evaluator,
        changed,
        all: request.all,
        also,
        isLifted: isFolders(history) && history.isLifted === true,
      }),
      rev: one.rev,
    })),
  );
  const before = await Promise.all(recorded.map((one) => lifted(one, history, project, evaluator)));
  const [published, mergeBaseHistory, others, sqlOrigins] = await Promise.all([
    publishedOf(
      request,
      history,
      recorded,
      projectsBefore.map((one) => one.tree),
    ),
    historyInMergeBase(request, before, history),
    otherBranches(request, history, before),
    readSqlOrigins({
      tree,
      after: { project, history, snapshotVersion },
      before,
      evaluator,
      excusedAs,
      newestOnly: request.newestOnly,
      isFirst: request.parents.length === 0,
      ...(commit === undefined ? {} : { history: { repository, commit } }),
    }),
  ]);
  const sides = await sidesOf(request, before, projectsBefore, history, mergeBaseHistory);
  const [reviews, deploys] = await Promise.all([
    reviewsOf(request, history, published, sqlOrigins),
    deploysOf(
      request,
      projectsBefore.map((one) => one.tree),
    ),
  ]);
  return {
    before: sides,
    published,
    sqlOrigins,
    others,
    ...(reviews.length === 0 ? {} : { reviews }),
    ...(deploys.length === 0 ? {} : { deploys }),
    ...(mergeBaseHistory === undefined ? {} : { mergeBase: mergeBaseHistory }),
  };
}

/** Loaded where a migration is new. */
async function reviewsOf(
  { repository, tree, project, evaluator, said, withoutReviews }: ChangeRequest,
  history: History,
  published: ProjectChange['published'],
  origins: ProjectChange['sqlOrigins'],
): Promise<NonNullable<ProjectChange['reviews']>> {
  if (origins.size === 0 || withoutReviews === true) return [];
  const { readReviews } = await import('./review/read-reviews.ts');
  const top = repository.topLevel;
  return readReviews({ tree, project, history, evaluator, published, origins, said, top });
}

/** Of one project of a tree: the files belong to all of them. Loaded where such a file changes. */
async function deploysOf(
  { tree, project, changed, isFirstProject }: ChangeRequest,
  before: readonly Tree[],
): Promise<NonNullable<ProjectChange['deploys']>> {
  if (!isFirstProject || ![...changed].some((path) => DEPLOYS.test(path))) return [];
  const { readDeploys } = await import('./deploy/read-deploys.ts');
  return readDeploys(tree, before, changed, project.base);
}

/** Of a merge whose parents may both be published: what becomes of the migrations of each. */
async function sidesOf(
  request: ChangeRequest,
  before: readonly StateBefore[],
  projects: readonly ProjectBefore[],
  history: History,
  mergeBaseHistory: History | undefined,
): Promise<readonly StateBefore[]> {
  const { evaluator, tree, project, excusedAs, repository, commit } = request;
  const { eitherParent, trunk = [] } = await request.published();
  if (eitherParent !== true || mergeBaseHistory === undefined) return before;
  const { lostInMerge } = await import('./lost-in-merge.ts');
  const asked = {
    tree,
    after: { project, history, snapshotVersion: await evaluator.snapshotVersion(project) },
    evaluator,
    excusedAs,
    ...(commit === undefined ? {} : { history: { repository, commit } }),
    before: before.map((one, at) => ({ ...one, tree: projects[at]?.tree ?? tree })),
    mergeBase: mergeBaseHistory,
  };
  return Promise.all(
    before.map(async (one, at) => {
      const lost = await lostInMerge(at, asked);
      const stays = trunk.includes(projects[at]?.oid ?? '');
      return {
        ...one,
        ...(stays ? { stays: true as const } : {}),
        ...(lost === undefined ? {} : { lost }),
      };
    }),
  );
}

async function publishedOf(
  { repository, tree, project, changed, published }: ChangeRequest,
  history: History,
  before: readonly StateBefore[],
  trees: readonly Tree[],
): Promise<ProjectChange['published']> {
  const listings = await Promise.all([tree, ...trees].map((one) => one.entries()));
  const folders = [project.out, ...before.map((then) => then.project.out)];
  const paths = [...changed].filter((path) => folders.some((folder) => isInOut(folder, path)));
  const histories = [history, ...before.map((then) => then.history)];
  const journals = new Set(histories.filter(isJournal).map(({ journalPath }) => journalPath));
  return readPublished(
    repository,
    {
      paths,
      journals: [...journals],
      recorded: contentsOf(history),
      submoduleOf: (path) => listings.find((one) => one.has(path))?.get(path)?.submodule,
    },
    await published(),
  );
}

/** The content (oid) of each file of a migration, by path. */
function contentsOf({ migrations }: History): ReadonlyMap<RepoPath, string> {
  return new Map(
    migrations.flatMap(({ sql, snapshot }) =>
      [sql, snapshot].flatMap((file) =>
        file === undefined ? [] : [[file.path, file.entry.oid] as const],
      ),
    ),
  );
}

async function otherBranches(
  { repository, evaluator, mergeTargets, project }: ChangeRequest,
  ours: History,
  before: readonly StateBefore[],
): Promise<NonNullable<ProjectChange['others']>> {
  if (mergeTargets === undefined) return [];
  const { readOthers } = await import('./other-branches.ts');
  const formerly = before.map((then) => then.project.out);
  const kit = { project, evaluator };
  return readOthers({ repository, ...mergeTargets, ours, out: project.out, formerly, kit });
}

/**
 * Of a merge of two: without the merge base, what a parent removed looks like what it never had.
 */
async function historyInMergeBase(
  { repository, parents: [own, other, ...more] }: ChangeRequest,
  before: readonly StateBefore[],
  after: History,
): Promise<History | undefined> {
  const out = before[0]?.project.out;
  if (own === undefined || other === undefined || more.length > 0 || out === undefined)
    return undefined;
  const base = await mergeBase(repository, own, other);
  if (base === undefined) return undefined;
  const history = await readHistory(await commitTree(repository, base), out);
  return isFolders(after) && isJournal(history) ? inFolders(history) : history;
}

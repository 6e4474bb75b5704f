import type { OtherBranch, Together } from './change.ts';
import { GuardError } from '../model/errors.ts';
import { folderIn, folderTree } from '../git/trees/folder-tree.ts';
import { mergeBase } from '../git/refs/merge-base.ts';
import type { Repository } from '../git/repository.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { isFolders, isJournal, type History } from '../history/history.ts';
import { readHistory } from '../history/read.ts';
import { sameMigration } from '../history/same-migration.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import { folderSnapshots } from './folder-snapshots.ts';

/** A branch to check. */
export interface Against {
  /** A revision that `git merge` takes: "origin/main". */
  readonly name: string;
  /** Full oid. */
  readonly commit: string;
  /** See `OtherBranch`. */
  readonly advisory?: boolean;
}

export interface OthersRequest {
  readonly repository: Repository;
  /**
   * Full oid of the commit that will be merged with the others, or of the parent of what is
   * checked; undefined before the first.
   */
  readonly head: string | undefined;
  /** The history in what is judged. */
  readonly ours: History;
  /** The most important first. */
  readonly against: readonly Against[];
  readonly out: RepoPath;
  /** Whose drizzle-kit 1.x is asked what it makes of both. */
  readonly kit?: {
    readonly project: Project;
    readonly evaluator: Pick<Evaluator, 'evaluates' | 'layout' | 'base' | 'conflicts'>;
  };
  /** Where the project's migrations were before, if they were moved. */
  readonly formerly?: readonly RepoPath[];
}

/**
 * The histories of the branches that could clash with ours, each with the history where the two
 * parted. Left out are branches without the migrations folder, those with nothing that ours has not
 * got, and all but the first of those with the very same folder: hundreds of branches cost one git
 * process and one more for each folder that differs.
 * @throws GuardError `object-missing` where a shallow history hides where the two parted.
 */
export async function readOthers(request: OthersRequest): Promise<readonly OtherBranch[]> {
  const folders = await foldersOf(request);
  const others = await Promise.all(folders.map((one) => readOther(request, one)));
  return others.filter((other) => other !== undefined);
}

interface Found {
  readonly branch: Against;
  readonly out: RepoPath;
}

async function foldersOf({
  repository,
  against,
  out,
  formerly = [],
}: OthersRequest): Promise<readonly Found[]> {
  const outs = [...new Set([out, ...formerly])];
  const commits = against.map(({ commit }) => commit);
  const trees = await Promise.all(outs.map((folder) => folderIn(repository, commits, folder)));
  const seen = new Set<string>();
  return against.flatMap((branch, at) => {
    const which = trees.findIndex((answers) => answers[at] !== undefined);
    const [folder, tree] = [outs[which], trees[which]?.[at]];
    if (folder === undefined || tree === undefined || seen.has(tree)) return [];
    seen.add(tree);
    return [{ branch, out: folder }];
  });
}

async function readOther(
  request: OthersRequest,
  { branch, out }: Found,
): Promise<OtherBranch | undefined> {
  const { repository, ours } = request;
  const history = await readHistory(folderTree(repository, branch.commit, out), out);
  const news = history.migrations.filter(
    (theirs) => !ours.migrations.some((mine) => sameMigration(mine, theirs)),
  );
  const isUnknown = isJournal(history) && history.journal.status === 'invalid';
  if (news.length === 0 && !isUnknown) return undefined;
  const parted = await partedFrom(request, branch);
  // All of it is in our own past: what we have not got of it we took out.
  if (parted === branch.commit) return undefined;
  const together = await togetherWith(request, history);
  const known = {
    name: branch.name,
    history,
    ...(together === undefined ? {} : { together }),
    ...(branch.advisory === true ? { advisory: true as const } : {}),
  };
  if (parted === undefined) return known;
  return { ...known, parted: await partedHistory(request, parted, out) };
}

/**
 * What drizzle-kit 1.x makes of our migrations with theirs; of one that both have, ours. Undefined
 * where that is not known.
 */
async function togetherWith(
  { ours, kit }: OthersRequest,
  theirs: History,
): Promise<Together | undefined> {
  if (kit === undefined) return undefined;
  const { project, evaluator } = kit;
  if (!evaluator.evaluates || !isFolders(ours) || !isFolders(theirs)) return undefined;
  if ((await evaluator.layout(project)) !== 'folders') return undefined;
  const [mine, other] = [folderSnapshots(ours), folderSnapshots(theirs)];
  if (mine === undefined || other === undefined) return undefined;
  const known = new Set(mine.map(({ folder }) => folder));
  const both = [...mine, ...other.filter(({ folder }) => !known.has(folder))];
  if (ours.migrations.every((one) => theirs.migrations.some((its) => sameMigration(one, its))))
    return { conflicts: [] };
  const [base, conflicts] = await Promise.all([
    evaluator.base(project, both),
    evaluator.conflicts(project, both),
  ]);
  const [refused] = base.status === 'refused' ? base.problems : [];
  if (refused === undefined) return { conflicts };
  // What is wrong with theirs alone is their own.
  return (await evaluator.base(project, other)).status === 'refused'
    ? undefined
    : { refused, conflicts };
}

/**
 * As it was where they parted: in the folder that the branch has, or in another that it has been
 * moved from since.
 */
async function partedHistory(
  { repository, out, formerly = [] }: OthersRequest,
  parted: string,
  there: RepoPath,
): Promise<History> {
  const folders = [...new Set([there, out, ...formerly])];
  const trees = await Promise.all(folders.map((folder) => folderIn(repository, [parted], folder)));
  const folder = folders.find((_, at) => trees[at]?.[0] !== undefined) ?? there;
  return readHistory(folderTree(repository, parted, folder), folder);
}

async function partedFrom(
  { repository, head }: OthersRequest,
  { commit, name }: Against,
): Promise<string | undefined> {
  if (head === undefined) return undefined;
  const base = await mergeBase(repository, head, commit);
  if (base !== undefined || !repository.shallow) return base;
  throw new GuardError(
    'object-missing',
    `the history here is shallow, and where it parted from ${name} is cut off`,
    {
      help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
    },
  );
}

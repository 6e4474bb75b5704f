import { GuardError } from '../model/errors.ts';
import type { Joined } from '../git/trees/joined-tree.ts';
import type { Overlaid } from '../git/trees/overlay-tree.ts';
import { readOne, sameEntry, type Entry, type Tree } from '../git/trees/tree.ts';
import type { Repository } from '../git/repository.ts';
import type { Stages } from '../git/worktree/joining.ts';
import type { Wanted } from '../git/rewrite/rewrite.ts';
import { blobOid } from '../git/worktree/working-file.ts';
import type { JournalHistory as History } from '../history/history.ts';
import { everySnapshot } from '../history/read.ts';
import { listed } from '../model/words.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Order } from './base-side.ts';
import type { RebaseInput, RebasePlan } from './input.ts';

interface Planned {
  readonly repository: Repository;
  /** Of all sides; empty where the plan has all files, as in the folder layout. */
  readonly histories: Partial<Pick<RebaseInput, 'base' | 'own' | 'fork'>>;
  readonly plan: Extract<RebasePlan, { status: 'planned' }>;
  readonly order: Order;
  /** What the base's files become, where they have to change too. */
  readonly baseTree: Tree | undefined;
  /** The own side's with what the merge made, where that is put on top too. */
  readonly ownTree: Tree | undefined;
  readonly joined: Joined;
  readonly unmerged: ReadonlyMap<RepoPath, Stages>;
}

/**
 * What the files of a project's migrations get: those of the base as it has them, and the planned
 * ones. Files that are so already are left out.
 * @throws GuardError `usage` for SQL that was edited since the branches parted: it would be lost.
 */
export async function wantedFiles(given: Planned): Promise<Wanted> {
  const { repository, plan, histories, order, joined, unmerged } = given;
  const { baseTree = order.base.tree, ownTree = order.own.tree } = given;
  const [base, own, fork, index] = await Promise.all(
    [order.base.tree, ownTree, order.fork, joined.stage(2)].map((tree) => tree.entries()),
  );
  const stays = await baseTree.entries();
  const asInBase = (path: RepoPath): Overlaid | undefined => {
    const entry = stays.get(path);
    return entry === undefined
      ? undefined
      : { entry, bytes: async () => (await readOne(baseTree, path)) ?? new Uint8Array() };
  };
  const all = new Map<RepoPath, Overlaid | undefined>();
  for (const { history } of Object.values(histories))
    for (const path of filesOf(history)) all.set(path, asInBase(path));
  for (const path of plan.removed) all.set(path, asInBase(path));
  for (const { path, bytes } of plan.files)
    all.set(path, { entry: { mode: '100644', oid: blobOid(repository, bytes) }, bytes });
  const wanted = new Map(
    [...all].filter(
      ([path, what]) =>
        unmerged.has(path) ||
        joined.unstaged.has(path) ||
        !sameEntry(what?.entry, index?.get(path)),
    ),
  );
  const known = (path: RepoPath, now: Entry): boolean =>
    [base, own, fork].some((tree) => sameEntry(tree?.get(path), now));
  const edited = [...wanted.keys()].filter((path) => {
    const now = index?.get(path);
    return (
      path.endsWith('.sql') &&
      (joined.unstaged.has(path) || (now !== undefined && !unmerged.has(path) && !known(path, now)))
    );
  });
  if (edited.length === 0) return wanted;
  throw uncommitted(edited);
}

function uncommitted(edited: readonly RepoPath[]): GuardError {
  return new GuardError('usage', `${listed(edited)} has changes that no commit has`, {
    help: [
      'They would be lost. Put them into a migration afterwards: git stash push -- the ' +
        'file, or restore it.',
    ],
  });
}

/** The files that drizzle-kit writes for a history; all others of the folder are left alone. */
function filesOf(history: History): readonly RepoPath[] {
  return [
    history.journalPath,
    ...everySnapshot(history).map(({ path }) => path),
    ...history.migrations.map(({ sqlPath }) => sqlPath),
    ...(history.bundle === undefined ? [] : [history.bundle.path]),
  ];
}

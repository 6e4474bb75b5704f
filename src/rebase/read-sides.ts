import { readOne, type Tree } from '../git/trees/tree.ts';
import { GuardError } from '../model/errors.ts';
import type {
  JournalHistory as History,
  JournalMigration as Migration,
  ReadHistory,
} from '../history/history.ts';
import { readJournalLayout } from '../history/journal-layout.ts';
import { everySnapshot } from '../history/read.ts';
import { ORIGIN_ID } from '../history/snapshot.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { RebaseInput, Side } from './input.ts';
import { baseMigrations, ownMigrations } from './own.ts';

interface Sides<T> {
  readonly base: T;
  readonly own: T;
  readonly fork: T;
}

/**
 * Reads a project's migrations out of the three trees; whole only those that one side alone has,
 * with their neighbours.
 * @param out repository path of the migrations folder, '' for the top
 * @throws GuardError `object-missing` from the trees
 */
export async function readSides(
  trees: Sides<Tree>,
  out: RepoPath,
): Promise<Pick<RebaseInput, 'base' | 'own' | 'fork'>> {
  const [base, own, fork] = await Promise.all(
    [trees.base, trees.own, trees.fork].map((tree) => readJournals(tree, out)),
  );
  if (base === undefined || own === undefined || fork === undefined) throw new TypeError('no tree');
  const histories = { base, own, fork };
  const read = async (tree: Tree, made: readonly Migration[]): Promise<Side> => {
    const changed = new Set(made.flatMap(({ sqlPath, snapshotPath }) => [sqlPath, snapshotPath]));
    const near = await readJournals(tree, out, { changed });
    // The parent of one whose chain was broken may be any.
    const also = everySnapshot(near).map(({ path }) => path);
    const history = hasEveryParent(near, changed)
      ? near
      : await readJournals(tree, out, { changed, also: new Set(also) });
    const journalBytes = await readOne(tree, history.journalPath);
    return { history, ...(journalBytes === undefined ? {} : { journalBytes }) };
  };
  return {
    base: await read(trees.base, baseMigrations(histories)),
    own: await read(trees.own, ownMigrations(histories)),
    fork: await read(trees.fork, []),
  };
}

/** @throws GuardError `usage` where drizzle-kit 1.x made migrations: they have no numbers to change. */
export async function readJournals(
  tree: Tree,
  out: RepoPath,
  options: ReadHistory = {},
): Promise<History> {
  const history = await readJournalLayout(tree, out, options);
  const [first] = history.otherLayout;
  if (first === undefined) return history;
  throw new GuardError(
    'usage',
    `${tree.name} has migrations of drizzle-kit 1.x (${first.path}), which have no ` +
      'numbers: nothing is put on top of them',
    { help: ['Install its drizzle-kit and drizzle-orm first. Then: npx drizzle-guard rebase'] },
  );
}

function hasEveryParent(history: History, changed: ReadonlySet<RepoPath>): boolean {
  const read = everySnapshot(history).flatMap(({ path, snapshot }) =>
    snapshot.status === 'ok' ? [{ path, ...snapshot }] : [],
  );
  const ids = new Set([ORIGIN_ID, '', ...read.map(({ id }) => id)]);
  return read.every(({ path, prevId }) => !changed.has(path) || ids.has(prevId));
}

import { overlayTree } from '../../git/trees/overlay-tree.ts';
import { readOne } from '../../git/trees/tree.ts';
import { GuardError } from '../../model/errors.ts';
import { inFolders } from '../../facts/switch/in-folders.ts';
import { lifted } from '../../facts/switch/lifted.ts';
import {
  isFolders,
  isJournal,
  type FolderHistory,
  type FolderMigration,
  type History,
} from '../../history/history.ts';
import { readHistory } from '../../history/read.ts';
import { sameMigration } from '../../history/same-migration.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { pathspec, shellWord } from '../../model/shell-quote.ts';
import type { Order } from '../base-side.ts';
import type { Stop } from '../input.ts';
import { isMoved, isOld, movedSide, type MovedSide, type Moving } from './moved-side.ts';

/** The migrations of the three trees, and which of them each side made. */
export interface FolderSides {
  readonly base: FolderHistory;
  readonly own: FolderHistory;
  readonly fork: History;
  /** The own side's, without those that the base has. */
  readonly mine: readonly FolderMigration[];
  readonly theirs: readonly FolderMigration[];
  /** The trees that have these; a side that is not moved yet is as `drizzle-kit up` leaves it. */
  readonly order: Order;
  /** Of `mine` those that no commit has: the merge itself made them, or a stash brought them. */
  readonly uncommitted: ReadonlySet<string>;
  /** The side that was not moved yet. */
  readonly moved?: 'base' | 'own';
  /** Files of a journal, which go. */
  readonly gone: readonly RepoPath[];
  /** The tag that each folder of the moved side had in the journal. */
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Reads a project's migrations of drizzle-kit 1.x. Where only one side ran `drizzle-kit up`, the
 * other is moved as `up` would move it, in memory.
 * @returns a stop where `up` refuses that, or the two sides do not have the same history before
 * @throws GuardError `usage` where neither side ran `up`.
 */
export async function readFolderSides(given: Order, moving: Moving): Promise<FolderSides | Stop> {
  const { project, evaluator } = moving;
  const { own: joined, uncommitted } = await withJoining(given, moving);
  const order = { ...given, own: joined };
  const trees = [order.base.tree, order.own.tree, order.fork];
  const [base, own, fork] = await Promise.all(
    trees.map((tree) => readHistory(tree, project.out, { layout: 'folders', all: true })),
  );
  if (base === undefined || own === undefined || fork === undefined) throw new TypeError('no tree');
  const version = await evaluator.snapshotVersion(project);
  const [isOldBase, isOldOwn] = [isOld(base, version), isOld(own, version)];
  if (!isOldBase && !isOldOwn && isFolders(base) && isFolders(own))
    return sidesOf({ base, own, fork }, order, uncommitted);
  if (isOldBase && isOldOwn) throw notMoved(order, base, project.out);
  const [which, other] = isOldOwn ? (['own', base] as const) : (['base', own] as const);
  const kept = isOldOwn ? order.base : order.own;
  if (!isFolders(other)) throw new TypeError('the other side has folders');
  const names = await differing(fork, other, moving);
  if (names.length > 0)
    return {
      reason: 'not-the-same',
      entities: names,
      detail: [
        'Save SQL that was written by hand. Then take the migrations that are in folders, and generate',
        `those of ${order[which].name} again:`,
        `  git restore --source=${shellWord(kept.name)} --staged --worktree -- ${pathspec(project.out)}`,
        '  npx drizzle-kit generate',
        `  git add ${pathspec(project.out)}`,
      ].join('\n'),
      answers: [],
    };
  const side = await movedSide(order[which].tree, moving, { tree: kept.tree, history: other });
  if (!isMoved(side)) return { reason: which === 'own' ? 'own-broken' : 'base-broken', ...side };
  return withMoved(side, which, other, fork, order);
}

/**
 * The own tree with the migrations that the merge itself made, and neither side has: they stand on
 * what both have.
 */
async function withJoining(
  { base, own, fork }: Order,
  { project, merged }: Moving,
): Promise<{ readonly own: Order['own']; readonly uncommitted: ReadonlySet<string> }> {
  const { out } = project;
  const asItIs = { own, uncommitted: new Set<string>() };
  const sides = await Promise.all([base.tree, own.tree, fork].map((one) => readHistory(one, out)));
  const here = await readHistory(merged, out);
  if (![...sides, here].every(isFolders)) return asItIs;
  // Where own ones are gone, a rebase has made what neither side has.
  const left = new Set(here.migrations.map(({ name }) => name));
  if (!sides[1]?.migrations.every(({ name }) => left.has(name))) return asItIs;
  const known = new Set(sides.flatMap(({ migrations }) => migrations.map(({ name }) => name)));
  const fresh = here.migrations.filter(({ name }) => !known.has(name));
  const files = fresh.flatMap(({ sql, snapshot }) =>
    sql === undefined || snapshot === undefined ? [] : [sql, snapshot],
  );
  if (files.length === 0) return asItIs;
  const made = files.map(({ path, entry }) => {
    const bytes = async (): Promise<Uint8Array> =>
      (await readOne(merged, path)) ?? new Uint8Array();
    return [path, { entry, bytes }] as const;
  });
  return {
    own: { ...own, tree: overlayTree(own.tree, own.tree.name, new Map(made)) },
    uncommitted: new Set(fresh.map(({ name }) => name)),
  };
}

function withMoved(
  side: MovedSide,
  which: 'base' | 'own',
  other: FolderHistory,
  fork: History,
  order: Order,
): FolderSides {
  const histories =
    which === 'own'
      ? { base: other, own: side.history, fork }
      : { base: side.history, own: other, fork };
  return {
    ...sidesOf(histories, { ...order, [which]: { ...order[which], tree: side.tree } }),
    moved: which,
    gone: side.gone,
    tags: side.tags,
  };
}

function sidesOf(
  histories: { readonly base: FolderHistory; readonly own: FolderHistory; readonly fork: History },
  order: Order,
  uncommitted: ReadonlySet<string> = new Set(),
): FolderSides {
  const { base, own } = histories;
  const fork = isJournal(histories.fork) ? inFolders(histories.fork) : histories.fork;
  const known = new Set(fork.migrations.map(({ name }) => name));
  return {
    base,
    own,
    fork,
    mine: own.migrations.filter(
      (one) =>
        !known.has(one.name) && !base.migrations.some((theirs) => sameMigration(theirs, one)),
    ),
    theirs: base.migrations.filter(({ name }) => !known.has(name)),
    order,
    uncommitted,
    gone: [],
    tags: new Map(),
  };
}

/**
 * Migrations that both sides began with, and that the side with folders has not got as `up` moves
 * them. One that was put on top since is there under another stamp.
 */
async function differing(
  fork: History,
  moved: FolderHistory,
  { project, evaluator }: Moving,
): Promise<readonly string[]> {
  const { history } = await lifted({ project, history: fork }, moved, project, evaluator);
  const begun = isJournal(history) ? inFolders(history) : history;
  const known = new Set(begun.migrations.map(({ name }) => name));
  const fresh = new Set(
    moved.migrations.filter(({ name }) => !known.has(name)).map(({ name }) => withoutStamp(name)),
  );
  return begun.migrations
    .filter((one) => {
      const now = moved.migrations.find(({ name }) => name === one.name);
      return now === undefined ? !fresh.has(withoutStamp(one.name)) : !sameMigration(now, one);
    })
    .map(({ name }) => name);
}

function withoutStamp(name: string): string {
  return name.replace(/^\d{14}_/, '');
}

function notMoved({ base }: Order, history: History, out: RepoPath): GuardError {
  const what = isJournal(history) ? 'a journal' : 'older snapshots';
  return new GuardError(
    'usage',
    `both sides have ${what} still, and drizzle-kit 1.x is installed`,
    {
      help: [
        'Move them first, on the branch that others have:',
        `  git switch ${shellWord(base.name)}`,
        '  npx drizzle-kit up',
        `  git add ${pathspec(out)}`,
        'Then merge it: npx drizzle-guard rebase moves yours.',
      ],
    },
  );
}

import { GuardError } from '../../model/errors.ts';
import type { Tree } from '../../git/trees/tree.ts';
import { inFolders } from '../../facts/switch/in-folders.ts';
import {
  isFolders,
  isJournal,
  type FolderHistory,
  type FolderMigration,
  type History,
} from '../../history/history.ts';
import { readHistory } from '../../history/read.ts';
import { sameMigration } from '../../history/same-migration.ts';
import { pathspec, shellWord } from '../../model/shell-quote.ts';
import type { Project } from '../../project/project.ts';
import type { Order } from '../base-side.ts';

/** The migrations of the three trees, and which of them each side made. */
export interface FolderSides {
  readonly base: FolderHistory;
  readonly own: FolderHistory;
  readonly fork: History;
  /** The own side's, without those that the base has. */
  readonly mine: readonly FolderMigration[];
  readonly theirs: readonly FolderMigration[];
}

/**
 * Reads a project's migrations of drizzle-kit 1.x.
 * @throws GuardError `usage` where only one side moved its journal into folders.
 */
export async function readFolderSides(
  { base, own, fork }: Order,
  { out }: Pick<Project, 'out'>,
): Promise<FolderSides> {
  const [ofBase, ofOwn, ofFork] = await Promise.all(
    [base.tree, own.tree, fork].map((tree) => readHistory(tree, out, { layout: 'folders' })),
  );
  if (ofBase === undefined || ofOwn === undefined || ofFork === undefined)
    throw new TypeError('no tree');
  if (!isFolders(ofBase)) throw stillJournal(base.tree, own.name, out);
  if (!isFolders(ofOwn)) throw stillJournal(own.tree, base.name, out);
  const forked = isJournal(ofFork) ? inFolders(ofFork) : ofFork;
  const known = new Set(forked.migrations.map(({ name }) => name));
  return {
    base: ofBase,
    own: ofOwn,
    fork: forked,
    mine: ofOwn.migrations.filter(
      (one) =>
        !known.has(one.name) && !ofBase.migrations.some((theirs) => sameMigration(theirs, one)),
    ),
    theirs: ofBase.migrations.filter(({ name }) => !known.has(name)),
  };
}

function stillJournal({ name }: Tree, other: string, out: string): GuardError {
  return new GuardError(
    'usage',
    `${name} has a journal, and ${other} has moved it into folders (drizzle-kit up): ` +
      'nothing is put on top of another layout',
    {
      help: [
        'Save SQL that was written by hand. Then take the migrations that are in folders:',
        `  git restore --source=${shellWord(other)} --staged --worktree -- ${pathspec(out)}`,
        'Then generate yours again from the merged schema: npx drizzle-kit generate',
        `  git add ${pathspec(out)}`,
      ],
    },
  );
}

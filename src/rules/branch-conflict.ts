import {
  hasFolders,
  type FolderState,
  type OtherBranch,
  type ProjectChange,
} from '../facts/change.ts';
import type { Draft, Fix } from '../model/finding.ts';
import { isFolders, isJournal, type JournalMigration, type Migration } from '../history/history.ts';
import { sameMigration } from '../history/same-migration.ts';
import { ofMigration } from '../model/entity.ts';
import { clashDetail, clashKinds } from './text/clashes.ts';
import {
  clashesOf,
  sideBySide,
  type Clash,
  type ClashKind,
  type SideBySide,
} from './analysis/clashes.ts';
import { shellPath } from '../model/shell-quote.ts';
import { forksIn, forksWith, notMoved, type Fork } from './analysis/forks.ts';
import { forkInTree, forkWith, otherLayout } from './text/forks.ts';
import { counted, listed } from '../model/words.ts';
import { facts, factsOf } from './text/facts.ts';
import type { ChangeRule } from './rule.ts';

export const rule = {
  id: 'branch-conflict',
  severity: 'error',
  title: 'a new migration does not fit on top of the branch it is merged into',
  why: 'Merged, one of the migrations is overwritten, fails or is never run.',
  details:
    'Each branch is correct alone. Refused are the same idx, prefix or name as a new ' +
    'migration of the base, a `when` that is not above the newest there, and a first snapshot ' +
    'whose parent is not the newest there. Files of the same number overwrite each other, the ' +
    'second migration was generated for a database without the first, and the migrator skips ' +
    'a `when` that is not above without a word. In drizzle-kit 1.x, where branches are put ' +
    'together without new numbers, refused is what its own check finds in both: two changes of ' +
    'one thing. On singlestore, mssql and cockroach it has no such check, and any two branches ' +
    'are refused. So are migrations of a branch that still has a journal, where the other has moved ' +
    'its own into folders.',
  fix:
    'Merge the other branch or rebase onto it, and put your own migrations on top: npx ' +
    'drizzle-guard rebase',
  examples: {
    refused: 'a branch that adds 0031_bold_hulk, while main has another 0031',
    passes:
      'main is merged (or rebased onto), its 0031 kept, and your own migration on top: ' +
      '0032_bold_hulk',
  },
  judges: 'change',
  *check(change) {
    if (hasFolders(change.after)) yield* forks(change, change.after);
    const { others = [] } = change;
    // What clashes with the first branch is not reported again for other branches that have it too.
    const reported: JournalMigration[] = [];
    for (const other of [
      ...others.filter(({ advisory }) => advisory !== true),
      ...others.filter(({ advisory }) => advisory === true),
    ]) {
      if (other.advisory === true && reported.length > 0) return;
      const [here, there] = [change.after.history, other.history];
      if (!isJournal(here)) continue;
      if (!isJournal(there)) {
        const { ours } = sidesOf<Migration>(change, other, here, there);
        const left = notMoved(ours, here, there);
        if (left.length > 0 && other.advisory !== true)
          yield otherLayout(change.after, other, left);
        continue;
      }
      const sides = sidesOf(change, other, here, there);
      if (sides.ours.length > 0 && there.journal.status === 'invalid')
        yield unknown(change, other, sides.ours);
      const clashes = clashesOf(sides, there);
      if (other.advisory === true && !clashes.some(({ kind }) => SAME_PLACE.has(kind))) continue;
      if (
        clashes.length === 0 ||
        sides.theirs.every((one) => reported.some((known) => sameMigration(known, one)))
      )
        continue;
      reported.push(...sides.theirs);
      yield draft(change, other, sides, clashes);
    }
  },
} as const satisfies ChangeRule;

/** A branch that is behind differs in everything since: only the same number is worth a warning. */
const SAME_PLACE: ReadonlySet<ClashKind> = new Set(['tag', 'idx', 'prefix']);

/**
 * Against an advisory branch, only migrations that nobody else has yet count: those can still be
 * regenerated.
 */
function sidesOf<Kind extends Migration>(
  { before, published }: ProjectChange,
  other: OtherBranch,
  here: { readonly migrations: readonly Kind[] },
  there: { readonly migrations: readonly Kind[] },
): SideBySide<Kind> {
  const sides = sideBySide(here, there, other.parted);
  if (other.advisory !== true) return sides;
  const known = before.flatMap(({ history }) => history.migrations);
  const isOut = (one: Migration): boolean =>
    known.some((then) => sameMigration(then, one)) ||
    (one.sql !== undefined && published.hasContent(one.sql.path, one.sql.entry.oid));
  return { ...sides, ours: sides.ours.filter((one) => !isOut(one)) };
}

/** Of the folder layout, where branches meet without a conflict of files. */
function* forks(change: ProjectChange, after: FolderState): Iterable<Draft> {
  // While drizzle-kit does not put them together it is not known what the schema lacks.
  const isBlind = after.drift.status === 'conflicts';
  for (const fork of forksIn(after))
    if (isBlind || !isOld(change, fork))
      yield { ...forkInTree(after, fork), ...(isBlind ? { excusable: false } : {}) };
  const reported: Migration[] = [];
  for (const other of change.others ?? []) {
    if (other.advisory === true && reported.length > 0) return;
    const sides = sidesOf<Migration>(change, other, after.history, other.history);
    if (sides.ours.length === 0 || sides.theirs.length === 0) continue;
    if (isJournal(other.history)) {
      const left = notMoved(sides.theirs, other.history, after.history);
      if (left.length > 0) yield otherLayout(after, other, left);
      continue;
    }
    const found = forksWith(after, other, sides);
    if (found.length === 0 && other.together === undefined && after.kitLayout === 'folders')
      yield unknown(change, other, sides.ours);
    if (found.length === 0 || sides.theirs.every((one) => reported.includes(one))) continue;
    reported.push(...sides.theirs);
    yield forkWith(after, other, found);
  }
}

/** Whether a tree before has both already. */
function isOld({ before, after }: ProjectChange, { one, other }: Fork): boolean {
  return before.some(({ history }) =>
    [one, other].every((name) => {
      const now = after.history.migrations.find((migration) => migration.name === name);
      return history.migrations.some((then) => now !== undefined && sameMigration(then, now));
    }),
  );
}

function draft(
  change: ProjectChange,
  other: OtherBranch,
  { ours, theirs }: SideBySide,
  clashes: readonly Clash[],
): Draft {
  const { name, advisory } = other;
  const { history } = change.after;
  const known = facts(
    clashes.map(
      (clash) => [ofMigration(clash.ours.name, `${clash.kind} (${name})`), clash] as const,
    ),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const found = factsOf(known, entities);
      const clashing = ours.filter((one) => found.some((clash) => clash.ours === one));
      return {
        path: history.orderPath,
        message:
          `${named(clashing)} ${clashing.length === 1 ? 'conflicts' : 'conflict'} with ${name}, ` +
          `which now has ${named(theirs)} (${clashKinds(found).join(', ')})`,
        detail: clashDetail(found, name).join('\n'),
        fix: [
          ...(advisory === true
            ? [
                {
                  text:
                    'Whichever of the two is merged second has to be generated again. If ' +
                    'that is this one:',
                },
              ]
            : []),
          ...mergeAndRebase(name),
        ],
        ...(advisory === true ? { severity: 'warning' as const } : {}),
      };
    },
  };
}

/** @param branch a revision that `git merge` takes. */
function mergeAndRebase(branch: string): readonly Fix[] {
  return [
    {
      text:
        `Merge ${branch}, or rebase onto it (git rebase ${shellPath(branch)}); git stops at ` +
        'the journal:',
      run: `git merge ${shellPath(branch)}`,
    },
    {
      text: 'Resolve the other conflicts, and put your migrations on top:',
      run: 'npx drizzle-guard rebase --continue',
    },
  ];
}

/**
 * A journal that cannot be read is the other branch's problem: a note, which does not refuse this
 * change.
 */
function unknown(
  { after }: ProjectChange,
  { name }: OtherBranch,
  ours: readonly Migration[],
): Draft {
  return {
    entities: ours.map((one) => ofMigration(one.name, `unknown (${name})`)),
    describe: () => ({
      path: after.history.orderPath,
      message:
        `${isFolders(after.history) ? 'a snapshot' : 'the journal'} of ${name} cannot be read: ` +
        `whether ${named(ours)} ${ours.length === 1 ? 'conflicts' : 'conflict'} with it is not ` +
        'known',
      fix: [{ text: `Fix ${after.history.orderPath} there first.` }],
      severity: 'note',
    }),
  };
}

function named(migrations: readonly Migration[]): string {
  const tags = migrations.map(({ name }) => name);
  return tags.length <= 4
    ? listed(tags)
    : `${counted(tags.length, 'migration')} (${tags[0] ?? ''} to ${tags.at(-1) ?? ''})`;
}

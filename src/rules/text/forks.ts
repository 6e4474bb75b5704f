import type { FolderState, OtherBranch, ProjectState } from '../../facts/change.ts';
import type { OtherRecord } from '../../facts/sql-origin/other-record.ts';
import { isFolders, type FolderHistory, type Migration } from '../../history/history.ts';
import { folderSqlPath, inOut } from '../../history/layout.ts';
import { ofMigration, type Entity } from '../../model/entity.ts';
import type { Draft, Fix, Start } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import { generateAndAdd, removeFolder } from './fixes.ts';
import { putInOrder, startAgain } from './start-again.ts';
import { facts, factsOf } from './facts.ts';
import type { Fork } from '../analysis/forks.ts';

/** Two branches that are in one tree already. */
export function forkInTree(state: FolderState, fork: Fork): Draft {
  const { history } = state;
  return {
    entities: [ofMigration(fork.other, `conflicts with ${fork.one}`)],
    describe: (_, start) => ({
      path: folderSqlPath(history.out, fork.other),
      message:
        `${fork.one} and ${fork.other} come from two branches, and do not go together: ` +
        (state.drift.status === 'conflicts'
          ? 'drizzle-kit generates nothing until one of them is made again'
          : 'one of the two fails, or is repeated by the next migration'),
      detail: fork.why.join('\n'),
      fix: start?.joining === true ? putInOrder(state, start) : apart(state, start, fork),
    }),
  };
}

/** Where one of the two was there before, as after a `git stash pop`, the other is put on top. */
function apart(state: FolderState, start: Start | undefined, fork: Fork): readonly Fix[] {
  const { history } = state;
  const [fresh, ...more] = [fork.other, fork.one].filter(
    (name) => start !== undefined && !start.has(folderSqlPath(history.out, name)),
  );
  if (fresh !== undefined && more.length === 0 && start?.rev === 'HEAD')
    return [
      {
        text: `Put ${fresh} on top of what is committed:`,
        run: 'npx drizzle-guard rebase --onto HEAD',
      },
    ];
  const yours = more.length === 0 ? (fresh ?? fork.other) : fork.other;
  return makeAgain(state, 'If nobody has applied it, remove the one that is yours', [
    yours,
    ...following(history, yours),
  ]);
}

/** Our migrations, and those of a branch that they will meet. */
export function forkWith(
  state: FolderState,
  { name, advisory }: OtherBranch,
  forks: readonly Fork[],
): Draft {
  const known = facts(
    forks.map((fork): readonly [Entity, Fork] => [
      ofMigration(fork.one, `conflicts with ${fork.other} (${name})`),
      fork,
    ]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const found = factsOf(known, entities);
      const ours = [...new Set(found.map(({ one }) => one))];
      const theirs = [...new Set(found.map(({ other }) => other))];
      return {
        path: folderSqlPath(state.history.out, ours[0] ?? ''),
        message:
          `${listed(ours)} ${ours.length === 1 ? 'conflicts' : 'conflict'} with ${listed(theirs)} of ` +
          `${name}: the two do not go together`,
        detail: found.flatMap(({ why }) => why).join('\n'),
        fix: [
          ...(advisory === true
            ? [
                {
                  text:
                    'Whichever of the two is merged second has to be made again. If that is ' +
                    'this one:',
                },
              ]
            : []),
          ...mergeAndPutOnTop(name),
        ],
        ...(advisory === true ? { severity: 'warning' as const } : {}),
      };
    },
  };
}

/**
 * Migrations in the journal of drizzle-kit 0.x on one branch, where the other has moved its own into
 * folders: merged, 1.x refuses every command.
 * @param left those that are in the journal of the one, and in no folder of the other
 */
export function otherLayout(
  { history }: Pick<ProjectState, 'history'>,
  { name, advisory }: OtherBranch,
  left: readonly Migration[],
): Draft {
  const [here, there] = isFolders(history) ? ['this branch', name] : [name, 'this branch'];
  const those = listed(left.map((one) => one.name));
  return {
    entities: left.map((one) => ofMigration(one.name, `other layout (${name})`)),
    describe: () => ({
      path: history.orderPath,
      message:
        `${those} of ${there} ${left.length === 1 ? 'is' : 'are'} in the journal of drizzle-kit ` +
        `0.x, and ${here} has moved its migrations into folders: merged, drizzle-kit 1.x refuses ` +
        'every command',
      fix: mergeAndPutOnTop(name),
      ...(advisory === true ? { severity: 'warning' as const } : {}),
    }),
  };
}

/** Folders merge without a conflict: then git would not stop before the commit. */
function mergeAndPutOnTop(branch: string): readonly Fix[] {
  return [
    {
      text: `Merge ${branch}, but do not commit yet, and resolve the conflicts in the schema:`,
      run: `git merge --no-commit --no-ff ${shellPath(branch)}`,
    },
    {
      text: 'Put your migrations on top of the others, and commit:',
      run: 'npx drizzle-guard rebase --continue',
    },
  ];
}

/** The migrations that stand on one: without it drizzle-kit refuses them, or repeats it. */
function following({ migrations }: FolderHistory, name: string): readonly string[] {
  const ids = new Set<string>();
  return migrations.flatMap((one) => {
    const { snapshot } = one.snapshot ?? {};
    if (snapshot?.status !== 'ok') return [];
    const follows = snapshot.prevIds.some((id) => ids.has(id));
    if (follows || one.name === name) ids.add(snapshot.id);
    return follows ? [one.name] : [];
  });
}

function makeAgain(state: FolderState, text: string, names: readonly string[]): readonly Fix[] {
  return [
    ...names.map((one) =>
      removeFolder(
        `${text} (${one}); save SQL that was written by hand first:`,
        inOut(state.history.out, one),
      ),
    ),
    generateAndAdd('Generate it again, on both branches:', state),
  ];
}

/**
 * Of drizzle-kit 1.x: it compares branches by these, and lifts snapshots with them; with wrong ones
 * two branches that conflict seem to commute.
 */
export function otherRecord(
  after: ProjectState,
  { name, snapshotPath }: Migration,
  { key, right }: OtherRecord,
): Draft {
  const [what, so] =
    key === 'footprints'
      ? ['`footprints`', 'drizzle-kit would not see what it conflicts with']
      : key === 'ddl'
        ? ['names in the `ddl`', 'drizzle-kit would drop or change what no database has']
        : [
            key === 'renames' ? '`renames`' : 'renames among the `deltas`',
            'drizzle-kit takes what it renames for dropped and created, or the other way round',
          ];
  return {
    entities: [ofMigration(name, key)],
    excusable: false,
    describe: (_, start) => ({
      path: snapshotPath,
      message: `the ${what} in the snapshot of ${name} are not those of its SQL: ${so}`,
      detail: ['drizzle-kit would write:', ...(right.length > 0 ? right : ['none'])].join('\n'),
      fix: startAgain(after, start),
    }),
  };
}

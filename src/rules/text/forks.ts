import type { FolderState, OtherBranch, ProjectState } from '../../facts/change.ts';
import type { Migration } from '../../history/history.ts';
import { folderSqlPath, inOut } from '../../history/layout.ts';
import { ofMigration, type Entity } from '../../model/entity.ts';
import type { Draft, Fix } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import { generateAndAdd, removeFolder } from './fixes.ts';
import { startAgain } from './start-again.ts';
import { facts, factsOf } from './facts.ts';
import type { Fork } from '../analysis/forks.ts';

/** Two branches that are in one tree already. */
export function forkInTree(state: FolderState, fork: Fork): Draft {
  const { history } = state;
  return {
    entities: [ofMigration(fork.other, `conflicts with ${fork.one}`)],
    describe: () => ({
      path: folderSqlPath(history.out, fork.other),
      message:
        `${fork.one} and ${fork.other} come from two branches, and do not go together: ` +
        (state.drift.status === 'conflicts'
          ? 'drizzle-kit generates nothing until one of them is made again'
          : 'one of the two fails, or is repeated by the next migration'),
      detail: fork.why.join('\n'),
      fix: makeAgain(state, 'If nobody has applied it, remove the one that is yours', [fork.other]),
    }),
  };
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
          { text: `Merge ${name}, or rebase onto it:`, run: `git merge ${shellPath(name)}` },
          ...makeAgain(state, 'Remove your own', ours),
        ],
        ...(advisory === true ? { severity: 'warning' as const } : {}),
      };
    },
  };
}

/** A branch that still has a journal, or has one again. */
export function otherLayout(state: FolderState, branch: string, ours: readonly Migration[]): Draft {
  return {
    entities: ours.map((one) => ofMigration(one.name, `other layout (${branch})`)),
    describe: () => ({
      path: state.history.orderPath,
      message: `${branch} has migrations in the journal of drizzle-kit 0.x, which 1.x does not read`,
      severity: 'warning',
      fix: [{ text: 'Merge it, and make folders of what it brings:', run: state.how.up }],
    }),
  };
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

/** Of drizzle-kit 1.x on PostgreSQL: with wrong ones two branches that conflict seem to commute. */
export function wrongFootprints(
  after: ProjectState,
  { name, snapshotPath }: Migration,
  right: readonly string[],
): Draft {
  return {
    entities: [ofMigration(name, 'footprints')],
    excusable: false,
    describe: (_, start) => ({
      path: snapshotPath,
      message:
        `the \`footprints\` in the snapshot of ${name} are not those of its SQL: drizzle-kit would ` +
        'not see what it conflicts with',
      detail: ['drizzle-kit would write:', ...right].join('\n'),
      fix: startAgain(after, start),
    }),
  };
}

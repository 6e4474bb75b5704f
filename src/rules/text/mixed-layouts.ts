import type { ProjectState } from '../../facts/change.ts';
import { inOut, journalPath } from '../../history/layout.ts';
import type { Draft, Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { addedAfterMove, removeFolder } from './fixes.ts';
import { startAgain } from './start-again.ts';

/**
 * Migrations that are not kept as the installed drizzle-kit keeps them, and both layouts in one
 * folder. drizzle-kit 0.31 does not see folders, and writes everything once more; 1.x refuses every
 * command beside a journal (`assertV3OutFolder`), and its migrator throws (`readMigrationFiles`).
 */
export function mixedLayouts(state: ProjectState): Draft | undefined {
  const { history, kitLayout, how } = state;
  const { layout, otherLayout, out } = history;
  const path = journalPath(out);
  if (otherLayout.length > 0) return both(state, path);
  if (kitLayout === undefined || kitLayout === layout || isEmpty(state)) return undefined;
  // It fits the drizzle-kit of its time, which is not here: what it would say is not known.
  if (state.declaredLayout === layout) return ofItsTime(state);
  return layout === 'folders'
    ? {
        hidesDrift: true,
        entities: [{ kind: 'project', aspect: 'folders with drizzle-kit 0.x' }],
        describe: () => ({
          path: out,
          message:
            `${out}/ has the folders of drizzle-kit 1.x, and an older one is installed: it does ` +
            'not see them, and its next migration would repeat everything',
          fix: [install(how.install)],
        }),
      }
    : {
        hidesDrift: true,
        entities: [{ kind: 'project', aspect: 'journal with drizzle-kit 1.x' }],
        describe: () => ({
          path,
          message:
            `${path} is the journal of drizzle-kit 0.x, and 1.x is installed: all of its commands ` +
            'stop here, and its migrator throws',
          fix: [
            {
              text: 'Make a folder of each migration, and commit them without other changes:',
              run: `${how.up}\n${addedAfterMove(out)}`,
            },
          ],
        }),
      };
}

function ofItsTime({ history: { layout, out } }: ProjectState): Draft {
  return {
    entities: [{ kind: 'project', aspect: `${layout} of another drizzle-kit` }],
    describe: () => ({
      path: out,
      message:
        `this commit is of drizzle-kit ${layout === 'journal' ? '0.x' : '1.x'}, as its own files say, ` +
        'and another one is installed: drift and SQL are not compared',
      severity: 'note',
      fix: [{ text: 'Check it where its own drizzle-kit is installed.' }],
    }),
  };
}

function both(state: ProjectState, path: RepoPath): Draft {
  const { history, kitLayout, how } = state;
  const isOld = kitLayout === 'journal';
  const what = isOld
    ? 'the installed drizzle-kit, 0.x, does not see these, and repeats what is in them'
    : 'drizzle-kit 1.x refuses every command, and its migrator throws';
  return {
    hidesDrift: true,
    entities: [{ kind: 'project', aspect: 'journal and folders' }],
    describe: (_, start) => ({
      path,
      message: `${path} stands beside the folders of drizzle-kit 1.x: ${what}`,
      fix: [
        ...(isOld ? [install(how.install)] : []),
        ...startAgain(state, start, 'If an older drizzle-kit wrote the journal in this change: '),
        removeFolder(
          'If every migration of the journal is a folder already, remove what is left of it:',
          inOut(history.out, 'meta'),
        ),
      ],
    }),
  };
}

function isEmpty({ history }: ProjectState): boolean {
  return history.migrations.length === 0 && history.orphanSnapshots.length === 0;
}

function install(run: string): Fix {
  return {
    text: 'Install drizzle-kit and drizzle-orm 1.x, as package.json should name them:',
    run,
  };
}

import type { ProjectState } from '../../facts/change.ts';
import { inOut } from '../../history/layout.ts';
import type { Fix, Start } from '../../model/finding.ts';
import { pathspec } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import { addedFrom } from './fixes.ts';

/** For more files than this a pattern is used. */
const MOST_NAMED = 12;

/**
 * For migrations that clash with others: in the middle of a merge, rebase or the like, the command
 * that puts the own ones on top.
 */
export function putInOrder(
  state: Pick<ProjectState, 'history' | 'how'>,
  start: Start | undefined,
  why = '',
): readonly Fix[] {
  return start?.joining === true
    ? [
        {
          text: 'Resolve the conflicts in the schema, and put your migrations on top of the others:',
          run: 'npx drizzle-guard rebase',
        },
      ]
    : startAgain(state, start, why);
}

/**
 * Takes the migrations back to where the change starts, and generates them again: the same commands
 * for everything that is wrong with new migrations. `git restore` also removes what is new.
 */
export function startAgain(
  { history: { out }, how }: Pick<ProjectState, 'history' | 'how'>,
  start: Start | undefined,
  why = '',
): readonly Fix[] {
  const { rev, other, sql = [] } = start ?? {};
  const paths = [
    inOut(out, 'meta'),
    ...(sql.length > MOST_NAMED && out !== '' ? [inOut(out, '*.sql')] : sql),
  ];
  const named = paths.map(pathspec).join(' ');
  const gone = sql.filter((path) => start?.has(path) !== true);
  const back =
    start !== undefined && rev === undefined
      ? `git rm -rf --ignore-unmatch -- ${named}`
      : `git restore --source=${rev ?? 'HEAD'} --staged --worktree -- ${named}`;
  const saved = other === undefined ? '' : `; ${other} has it`;
  const goes = `${listed(gone.slice(0, 3))} ${gone.length === 1 ? 'goes' : 'go'}`;
  return [
    {
      text:
        `${why}${why === '' ? 'Take' : 'take'} the migrations of ${rev ?? 'the commit before'}, ` +
        'and generate the new one again' +
        (gone.length === 0 ? '' : ` (${goes}: save SQL that was written by hand first${saved})`) +
        ':',
      run: [back, how.generate, addedFrom(out)].join('\n'),
    },
  ];
}

import type { ProjectChange, StateBefore } from '../../facts/change.ts';
import { inOut } from '../../history/layout.ts';
import type { Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { pathspec } from '../../model/shell-quote.ts';
import { addedAfterMove } from './fixes.ts';

/** The state before from which the change moved the migrations of a journal into folders, if any. */
export function switchedFrom({ before }: ProjectChange): StateBefore | undefined {
  return before.find(({ journal }) => journal !== undefined);
}

/**
 * For what is wrong with migrations that the change moved from a journal into folders: `up` changes
 * nothing in their SQL.
 */
export function upAgain(change: ProjectChange, from: StateBefore): readonly Fix[] {
  const { history, how } = change.after;
  const { rev = 'HEAD', journal } = from;
  const missing = (journal?.migrations ?? []).filter(({ sql }) => sql === undefined);
  const left = missing.map(({ name }) => `${name}.sql`).join(', ');
  return [
    {
      text:
        `Take the migrations of ${rev} back, and let \`drizzle-kit up\` move them again` +
        `${left === '' ? '' : ` (it leaves out what has no SQL: make ${left} first)`}; then ` +
        'generate what is new:',
      run: [
        `git restore --source=${rev} --staged --worktree -- ` +
          `${movedBy(change, from).map(pathspec).join(' ')}`,
        how.up,
        how.generate,
        addedAfterMove(history.out),
      ].join('\n'),
    },
  ];
}

/** What `up` touches: at the top of a repository there is more than migrations. */
function movedBy({ after }: ProjectChange, { journal }: StateBefore): readonly RepoPath[] {
  const { out, migrations } = after.history;
  if (out !== '') return [out];
  const files = [...(journal?.migrations ?? []), ...migrations].flatMap(({ sql, snapshot }) =>
    [sql, snapshot].flatMap((file) => file?.path ?? []),
  );
  return [inOut(out, 'meta'), ...files.filter((path) => !path.startsWith('meta/'))];
}

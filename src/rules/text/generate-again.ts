import type { ProjectChange } from '../../facts/change.ts';
import type { Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Migration } from '../../history/history.ts';
import { inOut, prefixOf } from '../../history/layout.ts';
import { addMigrations } from './fixes.ts';
import { listed } from '../../model/words.ts';
import { pathspec, shellPath, shellWord } from '../../model/shell-quote.ts';

/** For more files than this a pattern is used. */
const MOST_NAMED = 12;

/**
 * How to bring another branch in, and make our migrations again on top of it: in the middle of the
 * merge, so that no commit is recorded whose schema and migrations do not fit. `git restore` takes
 * away what the source has not got, and ORIG_HEAD is our own tip in a merge and in a rebase.
 * @param branch a revision that `git merge` takes.
 */
export function generateAgain(
  { after: { history, how }, sqlOrigins }: Pick<ProjectChange, 'after' | 'sqlOrigins'>,
  branch: string,
  ours: readonly Migration[],
): readonly Fix[] {
  const kindOf = ({ journal }: Migration): string | undefined => sqlOrigins.get(journal.tag)?.kind;
  const custom = ours.filter((one) => kindOf(one) === 'custom');
  const edited = ours.filter((one) => kindOf(one) === 'edited');
  const tags = listed(ours.map(({ journal }) => journal.tag));
  const paths = restored(history.out, ours, history.bundle?.path).join(' ');
  return [
    {
      text: `Merge ${branch} (or, if your branch is not pushed yet, \`git rebase ${shellPath(branch)}\`: the same at each stop, with --source=HEAD and \`git rebase --continue\`):`,
      run: `git merge ${shellPath(branch)}`,
    },
    {
      text: `Resolve the conflicts in the schema, and take the migrations of ${branch}, without ${tags}:`,
      run: `git restore --source=MERGE_HEAD --staged --worktree -- ${paths}`,
    },
    ...(custom.length < ours.length
      ? [{ text: 'Generate yours again on top of them:', run: how.generate }]
      : []),
    ...custom.map((one) => ({
      text: `Make the custom migration ${one.journal.tag} again:`,
      run: how.generateCustom.replace(/(?<=--name )\S+/, () => shellWord(nameOf(one))),
    })),
    ...[...custom, ...edited].flatMap(({ sql, journal }) =>
      sql === undefined
        ? []
        : [
            {
              text: `Copy the hand-written SQL of ${journal.tag} into the new file:`,
              run: `git show ORIG_HEAD:${shellPath(sql.path)}`,
            },
          ],
    ),
    addMigrations('Add the result, and the files that you resolved:', history.out),
    { text: 'Conclude the merge:', run: 'git commit --no-edit' },
  ];
}

/** Other files of the folder (a pulled schema, seeds) stay as the merge made them. */
function restored(
  out: RepoPath,
  ours: readonly Migration[],
  bundle: RepoPath | undefined,
): readonly string[] {
  const sql = ours.flatMap((one) => one.sql?.path ?? []);
  const named = sql.length > MOST_NAMED ? [inOut(out, '*.sql')] : sql;
  return [inOut(out, 'meta'), ...named, ...(bundle === undefined ? [] : [bundle])].map(pathspec);
}

/** What `--name` was: the tag without its prefix. */
function nameOf({ journal: { tag } }: Migration): string {
  return tag.slice((prefixOf(tag) ?? '').length).replace(/^_/, '');
}

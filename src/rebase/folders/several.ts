import type { FolderMigration } from '../../history/history.ts';
import { folderOf } from '../../model/repo-path.ts';
import { GuardError } from '../../model/errors.ts';
import { pathspec } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import type { ForkConflict } from '../../schema/folders.ts';

/** The guard generates one migration again; for more, what a person types. */
export function severalAgain(
  again: readonly FolderMigration[],
  clashes: readonly ForkConflict[],
  base: string,
): GuardError {
  const names = listed(again.map(({ name }) => name));
  const folders = again.map(({ sqlPath }) => pathspec(folderOf(sqlPath))).join(' ');
  const why = clashes.flatMap(({ branches }) => branches.map(({ text }) => text));
  return new GuardError(
    'usage',
    `${names} do not go together with what ${base} has (${listed([...new Set(why)].slice(0, 4))}), ` +
      'and only one migration is generated again on top of it',
    {
      help: [
        'Save SQL that was written by hand, remove them, and generate one from the merged schema:',
        `  git rm -rf --ignore-unmatch -- ${folders}`,
        '  npx drizzle-kit generate',
      ],
    },
  );
}

import type { Tree } from '../git/trees/tree.ts';
import { newestIn, type History, type Migration } from '../history/history.ts';
import { writtenHistory } from '../facts/history-of.ts';
import type { RunContext } from '../judge/context.ts';
import { GuardError } from '../model/errors.ts';
import { shellWord } from '../model/shell-quote.ts';
import type { Project } from '../project/project.ts';

/** Whether a migration is one of those named: as it is called, or by the path of its SQL. */
export function isNamedIn(words: readonly string[]): (migration: Migration) => boolean {
  return ({ name, sqlPath }) =>
    words.some((word) => [name, `${name}.sql`, sqlPath].includes(word.replace(/^\.\//, '')));
}

/** @param command of the guard, for an example: with the newest migration that there is */
export async function noMigration(
  names: readonly string[],
  command: string,
  { evaluator }: Pick<RunContext, 'evaluator'>,
  { tree, projects }: { readonly tree: Tree; readonly projects: readonly Project[] },
): Promise<GuardError> {
  const histories = await Promise.all(
    projects.map((project) => writtenHistory({ tree, project, evaluator })),
  );
  return new GuardError('usage', `there is no migration ${names.join(', ')}`, {
    help: namedAs(histories, command),
  });
}

/** How a migration is named, by an example. */
export function namedAs(histories: readonly History[], command: string): readonly string[] {
  const newest = newestIn(histories);
  return newest === undefined
    ? []
    : [
        'Name it as its SQL file or folder is named: ' +
          `npx drizzle-guard ${command} ${shellWord(newest)}`,
      ];
}

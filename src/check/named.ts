import type { Migration } from '../history/history.ts';
import { GuardError } from '../model/errors.ts';

/** Whether a migration is one of those named: as it is called, or by the path of its SQL. */
export function isNamedIn(words: readonly string[]): (migration: Migration) => boolean {
  return ({ name, sqlPath }) =>
    words.some((word) => [name, `${name}.sql`, sqlPath].includes(word.replace(/^\.\//, '')));
}

/** @param command of the guard, for an example */
export function noMigration(names: readonly string[], command: string): GuardError {
  return new GuardError('usage', `there is no migration ${names.join(', ')}`, {
    help: [`Name it as its SQL file or folder is named: npx drizzle-guard ${command} 0007_teams`],
  });
}

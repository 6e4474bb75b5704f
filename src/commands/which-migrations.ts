import type { Command } from 'commander';
import { GuardError } from '../model/errors.ts';

/** The migrations that a command is about, as commander passes them. */
export interface WhichMigrations {
  readonly base?: string | true;
  readonly project?: readonly string[];
}

/** Gives a command the names of migrations, `--base` and `--project`. */
export function takesMigrations(command: Command): Command {
  return command
    .argument(
      '[migrations...]',
      'names of migrations, published or not; without them, what is staged',
    )
    .option(
      '--base [ref]',
      'all that HEAD has and the base does not; in CI jobs it can be left out',
    )
    .option('--project <config...>', 'only these projects: paths of their drizzle configs');
}

/** @throws GuardError `usage` for names together with a base. */
export function assertOneOf(names: readonly string[], { base }: WhichMigrations): void {
  if (names.length > 0 && base !== undefined)
    throw new GuardError('usage', '--base and the names of migrations cannot be combined', {
      help: ['Use one of them.'],
    });
}

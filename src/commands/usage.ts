import type { CommanderError } from 'commander';
import { GuardError } from '../model/errors.ts';

/**
 * A mistake on the command line. commander puts its suggestion on the second line of the message.
 */
export function usageError(error: CommanderError): GuardError {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  return new GuardError('usage', message, {
    help: [
      ...rest.map((line) => line.replace(/^\((.*)\)$/, '$1')),
      'npx drizzle-guard --help lists the commands and their options.',
    ],
    cause: error,
  });
}

/** What every help ends with. */
export const EXIT_CODES = `
Exit codes:
  0  passed, or nothing to check
  1  refused
  2  could not check`;

/** How to use the hook of a server. */
export const PRE_RECEIVE = `
In hooks/pre-receive of the repository on the server:
  #!/bin/sh
  exec guard pre-receive

No pushed code is run, and drizzle-kit is not needed. Journal, snapshots, files and branches are checked commit by
commit. Not checked: whether the schema has all its migrations, and whether their SQL is what drizzle-kit generates.
A push that touches a project's config, schema files or migrations passes with a note about that; with --unevaluated
refuse it is refused. Without the option, git's configuration decides, for one repository or for all:
  git config drizzle-guard.unevaluated refuse
  git config --system drizzle-guard.unevaluated refuse

Every commit counts that no branch or tag of the repository has yet: push an existing history first, then install the
hook.`;

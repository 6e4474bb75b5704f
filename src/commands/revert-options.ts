import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { RevertFlags } from './revert.ts';

/** Puts `guard revert` on the command line. @param done gets the exit code */
export function addRevert(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command('revert')
    .description(
      'go back: the schema as it was before a migration, and a new migration that undoes it',
    )
    .argument('[what]', 'the name of a migration, or a commit with all its migrations')
    .option('--dry-run', 'show what would be done, the SQL, and what does not come back')
    .option('--undo', 'put index and files back as before the last revert or rebase')
    .option('--project <config...>', 'only these projects: paths of their drizzle configs')
    .addOption(
      program
        .createOption('--format <format>', 'how to print')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--verbose', 'print stack traces of errors')
    .addHelpText(
      'after',
      '\nIt stages schema files and migrations, and nothing else. A migration that nobody else has, and that is\n' +
        'the newest, is taken away instead; one that is published never is.',
    )
    .action(async (what: string | undefined, options: RevertFlags) => {
      const { revertCommand } = await import('./revert.ts');
      done(await revertCommand(context, what, options));
    });
}

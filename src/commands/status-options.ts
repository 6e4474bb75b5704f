import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { StatusFlags } from './status.ts';

/** Puts `guard status` on the command line. @param done gets the exit code */
export function addStatus(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command('status')
    .description(
      'what a database has of the migrations: applied, pending, edited, skipped for ever',
    )
    .option('--rows <file>', 'rows of the migrations table as CSV or JSON; - is standard input')
    .option(
      '--url <url>',
      "read them with the project's own driver, from a server, a file or PGlite's folder; " +
        "better in GUARD_STATUS_URL than in the shell's history",
    )
    .option('--commit <rev>', 'the history of this commit; by default that of the working tree')
    .option('--project <config>', 'the project, if there are several')
    .addOption(
      program
        .createOption('--format <format>', 'how to print')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--verbose', 'print stack traces of errors')
    .addHelpText(
      'after',
      '\nIt only reads. It ends with 1 where a migration was edited, skipped ' +
        'or would run again, where a row is unknown,\n' +
        'and where the migrator would throw. Without --rows and --url it prints how to get the rows, and ends with 2.',
    )
    .action(async (flags: StatusFlags) => {
      const { statusCommand } = await import('./status.ts');
      done(await statusCommand(context, flags));
    });
}

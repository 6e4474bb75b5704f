import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { RebaseFlags } from './rebase.ts';

/** Puts `guard rebase` on the command line. @param done gets the exit code */
export function addRebase(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command('rebase')
    .description(
      "put the branch's own migrations on top of the base's, in the middle of a merge or rebase",
    )
    .option(
      '--onto <ref>',
      'the base, where it is not clear; fixes a merge that is committed already',
    )
    .option('--continue', 'and let git go on: make the commit, and stop after stop of a rebase')
    .option(
      '--dry-run',
      'show what would be done without doing it; before a merge, what it will need',
    )
    .option('--undo', 'put index and files back as before the last rebase')
    .option('--renamed <a=b...>', 'answer a question of drizzle-kit: a was renamed to b')
    .option('--new <name...>', 'answer a question of drizzle-kit: it is new')
    .option('--take-back', 'the merged schema takes back what the base did, on purpose')
    .option('--drop <migration...>', 'leave out the statements written by hand that are left')
    .option('--keep <migration...>', 'keep the statements written by hand that are left')
    .option('--project <config...>', 'only these projects: paths of their drizzle configs')
    .addOption(
      program
        .createOption('--format <format>', 'how to print')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: RebaseFlags) => {
      const { rebaseCommand } = await import('./rebase.ts');
      done(await rebaseCommand(context, options));
    });
}

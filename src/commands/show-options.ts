import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { Repository } from '../git/repository.ts';
import type { ShowFlags } from './show.ts';
import { takesMigrations } from './which-migrations.ts';

/**
 * Puts `guard show` on the command line.
 * @param done gets the exit code
 * @param opening where the repository is being opened already
 */
export function addShow(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
  opening?: Promise<Repository>,
): void {
  takesMigrations(program.command('show'))
    .description(
      'what migrations change, as a picture: markdown with a mermaid diagram, or one web page',
    )
    .option('--html <file>', 'write one page that needs no script and no network; - prints it')
    .option('--no-cache', 'neither read nor write the cache')
    .option('--verbose', 'print stack traces of errors')
    .addHelpText(
      'after',
      '\nMigrations that follow each other are shown as the one change that they make together. A file that\n' +
        '`guard show` did not write is never overwritten.',
    )
    .action(async (names: readonly string[], flags: ShowFlags) => {
      const { showCommand } = await import('./show.ts');
      done(await showCommand(context, names, flags, opening));
    });
}

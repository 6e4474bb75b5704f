import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { version } from '../model/version.ts';
import { EXIT_CODES, usageError } from './usage.ts';

/**
 * Parses the command line and runs one command.
 * @param addCommands puts the commands on the program; the function gets the exit code
 * @returns the exit code.
 */
export async function parsed(
  context: CliContext,
  addCommands: (program: Command, done: (exitCode: number) => void) => void,
): Promise<number> {
  const { Command: Program, CommanderError } = await import('commander');
  let exitCode = 0;
  const program = new Program('drizzle-guard');
  program
    .description(
      'Refuses a commit or push unless the Drizzle schema, migration SQL, snapshots and journal are in step.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: () => context.stdout.columns ?? 80,
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => undefined,
    });

  addCommands(program, (code) => {
    exitCode = code;
  });

  try {
    if (context.argv.length === 0) {
      context.stdout.write(`${program.helpInformation()}${EXIT_CODES}\n`);
      return 0;
    }
    await program.parseAsync([...context.argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error);
  }
}

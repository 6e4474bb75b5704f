import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { GuardError } from '../errors.ts';
import type { World } from '../main.ts';
import { version } from '../version.ts';

/** Parses the command line and runs one command; every command is loaded only when it is called. */
export async function runProgram(world: World): Promise<number> {
  let exitCode = 0;
  const program = new Command('guard');
  program
    .description('Lets a change through only if the Drizzle schema, its migration SQL, snapshot and journal entry belong together.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ getOutHelpWidth: () => world.stdout.columns ?? 80, writeOut: (text) => world.stdout.write(text), writeErr: () => undefined });

  program
    .command('check')
    .description('judge what a commit would record now (the index against HEAD)')
    .option('--worktree', 'judge as if everything were staged')
    .option('--all', 'judge every project whole, and show faults that were there before')
    .option('--project <config...>', 'only these projects: paths of their drizzle configs')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: unknown) => {
      const { checkCommand } = await import('./check.ts');
      exitCode = await checkCommand(world, parseCheckOptions(options));
    });

  program
    .command('pre-commit')
    .alias('pre-merge-commit')
    .description('the same as a git hook: says nothing where nothing relevant is staged')
    .argument('[files...]', 'taken and ignored: lint-staged appends the names of staged files')
    .option('--verbose', 'print stack traces of errors')
    .action(async (_files: readonly string[], options: { verbose?: boolean }) => {
      const { preCommit } = await import('./pre-commit.ts');
      exitCode = await preCommit(world, { verbose: options.verbose ?? false });
    });

  program
    .command('explain')
    .description('what a rule refuses, why, and how to mend it')
    .argument('[rule]', 'the id of a rule; all of them in a line each when left out')
    .action(async (rule: string | undefined) => {
      const { explain } = await import('./explain.ts');
      exitCode = explain(world, rule);
    });

  program
    .command('demo')
    .description('play the main cases on a real Drizzle project in a temporary repository')
    .option('--keep', 'keep the temporary repository')
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: { keep?: boolean }) => {
      const { demo } = await import('./demo.ts');
      exitCode = await demo(world, { keep: options.keep ?? false });
    });

  try {
    if (world.argv.length === 0) {
      world.stdout.write(`${program.helpInformation()}${EXIT_CODES}\n`);
      return 0;
    }
    await program.parseAsync([...world.argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error);
  }
}

interface CheckFlags {
  readonly worktree: boolean;
  readonly all: boolean;
  readonly projects: readonly string[];
  readonly format: 'text' | 'json';
}

function parseCheckOptions(options: unknown): CheckFlags {
  if (typeof options !== 'object' || options === null) throw new InvalidArgumentError('no options');
  const { worktree, all, project, format } = options as Readonly<Record<string, unknown>>;
  return {
    worktree: worktree === true,
    all: all === true,
    projects: Array.isArray(project) ? project.map(String) : [],
    format: format === 'json' ? 'json' : 'text',
  };
}

/** commander's message carries its suggestion on a second line. */
function usageError(error: CommanderError): GuardError {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  return new GuardError('usage', message, {
    help: [...rest.map((line) => line.replace(/^\((.*)\)$/, '$1')), 'guard --help lists the commands and their options.'],
    cause: error,
  });
}

const EXIT_CODES = `
Exit codes:
  0  fine, or nothing to check
  1  refused
  2  could not look`;

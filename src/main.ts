import type { CliContext } from './cli-context.ts';
import { GuardError } from './model/errors.ts';
import { isProbablyOutdated } from './relevance/outdated.ts';

/**
 * Runs one command. Never throws and never exits. Calls without options, as hooks make them, skip
 * the option parser: loading it costs more than a whole commit without relevant changes.
 * @returns the exit code: 0 passed or nothing to check, 1 refused, 2 could not check.
 */
export async function run(context: CliContext): Promise<number> {
  try {
    if (context.argv.length === 1 && context.argv[0] === 'pre-commit') {
      const { preCommit } = await import('./commands/pre-commit.ts');
      return await preCommit(context);
    }
    if (context.argv[0] === 'post-merge' || context.argv[0] === 'post-checkout') {
      const { announceMigrations } = await import('./commands/new-migrations.ts');
      return await announceMigrations(context);
    }
    if (context.argv[0] === 'merge-driver') {
      const { mergeDriver } = await import('./commands/merge-driver.ts');
      return await mergeDriver(context, context.argv.slice(1));
    }
    if (context.argv[0] === 'show') {
      const { runShow } = await import('./commands/show-alone.ts');
      return await runShow(context);
    }
    if (evaluates(context)) return await runWarm(context);
    const { runProgram } = await import('./commands/program.ts');
    return await runProgram(context);
  } catch (error) {
    return await fail(context, error);
  }
}

/** Whether a schema is evaluated, and not just the options listed. */
function evaluates({ argv }: CliContext): boolean {
  return (
    (argv[0] === 'check' || argv[0] === 'rebase') &&
    !argv.some((option) => option === '--help' || option === '-h')
  );
}

/**
 * Starts the warm-up before parsing any option; a check without options does not need the parser
 * either.
 */
async function runWarm(context: CliContext): Promise<number> {
  const { argv, cwd, env } = context;
  const { warmUp } = await import('./schema/warm-up.ts');
  const keep = !argv.includes('--no-cache');
  // No cache knows a merged schema.
  const isNeeded = argv[0] === 'check' && keep ? isProbablyOutdated : () => true;
  const endWarmUp = await warmUp({ cwd, env, keep, isNeeded });
  try {
    if (argv.length === 1 && argv[0] === 'check') {
      const { checkCommand } = await import('./commands/check.ts');
      return await checkCommand(context, { format: 'text', cache: true });
    }
    const { runProgram } = await import('./commands/program.ts');
    return await runProgram(context);
  } finally {
    await endWarmUp();
  }
}

async function fail(context: CliContext, error: unknown): Promise<2> {
  const { writeUnable } = await import('./commands/output.ts');
  const verbose = context.argv.includes('--verbose');
  const known =
    error instanceof GuardError
      ? error
      : new GuardError(
          'internal',
          `internal error in drizzle-guard: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
            help: verbose ? [] : ['Run it again with --verbose and report the output.'],
          },
        );
  await writeUnable(context, known, verbose);
  return 2;
}

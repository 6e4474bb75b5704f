import { Command, CommanderError, Option } from 'commander';
import type { EarlyStart } from '../schema/warm-up.ts';
import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { HOOK_MANAGER_IDS } from '../hooks/hook-manager.ts';
import { version } from '../model/version.ts';
import type { CheckFlags } from './check.ts';
import type { InitFlags } from './init.ts';

/** Parses the command line and runs one command; every command is loaded only when it is called. `early`: see `startEarly`. */
export async function runProgram(context: CliContext, early?: EarlyStart): Promise<number> {
  let exitCode = 0;
  const program = new Command('guard');
  program
    .description(
      'Lets a change through only if the Drizzle schema, its migration SQL, snapshot and journal entry belong together.',
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

  program
    .command('check')
    .description(
      'judge what a commit would record now (the index against HEAD), or what is recorded',
    )
    .option('--worktree', 'judge as if everything were staged')
    .option('--commit <rev>', 'judge one commit against its parents')
    .option('--range <a..b>', 'judge every commit of a range, then what they come to')
    .option(
      '--base [ref]',
      'judge all that HEAD has and the base has not, and the clashes between the two; in CI the base need not be named',
    )
    .option('--all', 'judge every project whole, and show faults that were there before')
    .option('--project <config...>', 'only these projects: paths of their drizzle configs')
    .option('--format <format>', 'how to print: text, json, github, gitlab, sarif or junit', 'text')
    .option(
      '--output <format=file...>',
      'write the report to a file too; may be given several times',
    )
    .option('--no-cache', 'evaluate everything anew, and keep nothing')
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: CheckFlags) => {
      const { checkCommand } = await import('./check.ts');
      exitCode = await checkCommand(context, options, early);
    });

  program
    .command('pre-commit')
    .alias('pre-merge-commit')
    .description('the same as a git hook: says nothing where nothing relevant is staged')
    .argument('[files...]', 'taken and ignored: lint-staged appends the names of staged files')
    .option('--no-cache', 'evaluate everything anew, and keep nothing')
    .option('--verbose', 'print stack traces of errors')
    .action(async (_files: readonly string[], options: { cache: boolean }) => {
      const { preCommit } = await import('./pre-commit.ts');
      exitCode = await preCommit(context, { cache: options.cache });
    });

  program
    .command('pre-push')
    .description(
      'judge every commit that the remote has not got; git hands its lines over on standard input',
    )
    .argument('[remote]', "the remote's name, as git hands it to the hook")
    .argument('[url]', 'taken and ignored')
    .option('--no-cache', 'evaluate everything anew, and keep nothing')
    .option('--verbose', 'print stack traces of errors')
    .action(
      async (remote: string | undefined, _url: string | undefined, options: { cache: boolean }) => {
        const { prePush } = await import('./pre-push.ts');
        exitCode = await prePush(context, { remote, cache: options.cache });
      },
    );

  program
    .command('init')
    .description(
      'set the guard up in what the project uses: its hook manager, its package manager, its CI',
    )
    .option('-y, --yes', 'ask nothing')
    .option('--dry-run', 'show what would be done, and do nothing')
    .addOption(
      new Option('--ci <service>', 'write the job for this CI service too').choices([
        'github',
        'gitlab',
      ]),
    )
    .addOption(
      new Option('--manager <name>', 'the hook manager to use, where there are several').choices(
        HOOK_MANAGER_IDS,
      ),
    )
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ yes = false, dryRun = false, ci, manager }: Partial<InitFlags>) => {
      const { init } = await import('./init.ts');
      exitCode = await init(context, {
        yes,
        dryRun,
        ...(ci === undefined ? {} : { ci }),
        ...(manager === undefined ? {} : { manager }),
      });
    });

  program
    .command('uninstall')
    .description('take out exactly what init put in')
    .option('-y, --yes', 'ask nothing')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ yes = false, dryRun = false }: { yes?: boolean; dryRun?: boolean }) => {
      const { uninstall } = await import('./uninstall.ts');
      exitCode = await uninstall(context, { yes, dryRun });
    });

  program
    .command('doctor')
    .description(
      'prove that the set-up works: a planted fault is committed and pushed in a clone that is thrown away',
    )
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'),
    )
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const { doctor } = await import('./doctor.ts');
      exitCode = await doctor(context, { format });
    });

  program
    .command('pre-receive')
    .description(
      'the same on a server, as a hook of the repository that is pushed to, where nothing is installed beside it',
    )
    .option(
      '--unevaluated <policy>',
      'what becomes of a push that holds what cannot be judged there: pass or refuse',
    )
    .option('--verbose', 'print stack traces of errors')
    .addHelpText('after', PRE_RECEIVE)
    .action(async (options: { unevaluated?: string }) => {
      const { preReceive } = await import('./pre-receive.ts');
      exitCode = await preReceive(context, { unevaluated: options.unevaluated });
    });

  // Called as hooks they never come here (see main.ts): a hint must not fail, whatever it is handed.
  const hint = async (): Promise<void> => {
    const { tellArrived } = await import('./new-migrations.ts');
    exitCode = await tellArrived(context);
  };
  program
    .command('post-merge')
    .description('a hint after a merge or a pull: migrations that arrived; never fails')
    .argument('[squash]', 'as git hands it to the hook')
    .action(hint);
  program
    .command('post-checkout')
    .description('the same after another branch is checked out')
    .argument('[hook-arguments...]', 'old and new commit and a flag, as git hands them to the hook')
    .action(hint);

  program
    .command('explain')
    .description('what a rule refuses, why, and how to mend it')
    .argument('[rule]', 'the id of a rule; all of them in a line each when left out')
    .action(async (rule: string | undefined) => {
      const { explain } = await import('./explain.ts');
      exitCode = explain(context, rule);
    });

  program
    .command('demo')
    .description('play the main cases on a real Drizzle project in a temporary repository')
    .option('--keep', 'keep the temporary repository')
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: { keep?: boolean }) => {
      const { demo } = await import('./demo.ts');
      exitCode = await demo(context, { keep: options.keep ?? false });
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

/** commander's message carries its suggestion on a second line. */
function usageError(error: CommanderError): GuardError {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  return new GuardError('usage', message, {
    help: [
      ...rest.map((line) => line.replace(/^\((.*)\)$/, '$1')),
      'guard --help lists the commands and their options.',
    ],
    cause: error,
  });
}

const EXIT_CODES = `
Exit codes:
  0  fine, or nothing to check
  1  refused
  2  could not look`;

const PRE_RECEIVE = `
In hooks/pre-receive of the repository on the server:
  #!/bin/sh
  exec guard pre-receive

Nothing that is pushed is run, and drizzle-kit is not needed: journal, snapshots, files and branches are judged,
commit by commit. Whether the schema has all its migrations, and whether their SQL is what drizzle-kit generates, is
not: a push that touches a project's config, schema files or migrations is told so, and goes through; with
--unevaluated refuse it does not. Without the option git's configuration decides, for one repository or for all:
  git config drizzle-guard.unevaluated refuse
  git config --system drizzle-guard.unevaluated refuse

Every commit counts that no branch or tag of the repository has yet: bring an existing history in first, and install
the hook then.`;

import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { HOOK_MANAGER_IDS } from '../hooks/hook-manager.ts';
import { FORMATS } from '../report/formats.ts';
import type { CheckFlags } from './check.ts';
import type { InitFlags } from './init.ts';
import { parsed } from './parsed.ts';
import { addRebase } from './rebase-options.ts';
import { addRevert } from './revert-options.ts';
import { addReview } from './review.ts';
import { addShow } from './show-options.ts';
import { addStatus } from './status-options.ts';
import { PRE_RECEIVE } from './usage.ts';

/**
 * Parses the command line and runs one command. Each command is loaded only when it is called.
 * @returns the exit code.
 */
export async function runProgram(context: CliContext): Promise<number> {
  return parsed(context, (program, done) => {
    addAll(program, context, done);
  });
}

function addAll(program: Command, context: CliContext, done: (exitCode: number) => void): void {
  program
    .command('check')
    .description(
      'check what a commit would record now (the index against HEAD), or commits that exist',
    )
    .option('--worktree', 'check as if everything were staged')
    .option('--commit <rev>', 'check one commit against its parents')
    .option('--range <a..b>', 'check every commit of a range, then their combined result')
    .option(
      '--base [ref]',
      'check all commits of HEAD that the base does not have, and conflicts between the two; ' +
        'in CI jobs the base can be left out',
    )
    .option('--all', 'check every project completely, and show pre-existing findings')
    .option('--strict', 'with --all: end with 1 on pre-existing errors too')
    .option('--project <config...>', 'only these projects: paths of their drizzle configs')
    .option('--format <format>', `how to print: ${FORMATS.join(', ')}`, 'text')
    .option('--output <format=file...>', 'also write the report to a file; can be repeated')
    .option('--no-cache', 'neither read nor write the cache')
    .option(
      '--verbose',
      'print what the verdict is based on (versions, snapshots, expected statements, the ' +
        'cache) on standard error, and stack traces of errors',
    )
    .action(async (options: CheckFlags) => {
      const { checkCommand } = await import('./check.ts');
      done(await checkCommand(context, options));
    });

  program
    .command('pre-commit')
    .alias('pre-merge-commit')
    .description('the check as a git hook: silent when nothing relevant is staged')
    .argument('[files...]', 'ignored: lint-staged appends the names of staged files')
    .option('--no-cache', 'neither read nor write the cache')
    .option('--verbose', 'print stack traces of errors')
    .action(async (_files: readonly string[], options: { cache: boolean }) => {
      const { preCommit } = await import('./pre-commit.ts');
      done(await preCommit(context, { cache: options.cache }));
    });

  program
    .command('pre-push')
    .description(
      'check every commit that the remote does not have; git passes its lines on standard input',
    )
    .argument('[remote]', "the remote's name, as git passes it to the hook")
    .argument('[url]', 'ignored')
    .option('--no-cache', 'neither read nor write the cache')
    .option('--verbose', 'print stack traces of errors')
    .action(
      async (remote: string | undefined, _url: string | undefined, options: { cache: boolean }) => {
        const { prePush } = await import('./pre-push.ts');
        done(await prePush(context, { remote, cache: options.cache }));
      },
    );

  for (const addCommand of [addReview, addShow, addStatus, addRebase, addRevert])
    addCommand(program, context, done);

  program
    .command('init')
    .description(
      'set up hooks and CI with the hook manager and package manager that the project uses',
    )
    .option('-y, --yes', 'ask nothing')
    .option('--dry-run', 'show what would be done without doing it')
    .addOption(
      program
        .createOption('--ci <service>', 'also write the job for this CI service')
        .choices(['github', 'gitlab']),
    )
    .addOption(
      program
        .createOption('--manager <name>', 'the hook manager to use if there are several')
        .choices(HOOK_MANAGER_IDS),
    )
    .option('--clone-only', "only the merge driver in this clone's git config, and quietly")
    .option('--verbose', 'print stack traces of errors')
    .action(async (options: Partial<InitFlags> & { cloneOnly?: boolean }) => {
      const { yes = false, dryRun = false, ci, manager } = options;
      if (options.cloneOnly === true) {
        const { initClone } = await import('./init/clone.ts');
        done(await initClone(context, { dryRun }));
        return;
      }
      const { init } = await import('./init.ts');
      done(
        await init(context, {
          yes,
          dryRun,
          ...(ci === undefined ? {} : { ci }),
          ...(manager === undefined ? {} : { manager }),
        }),
      );
    });

  program
    .command('uninstall')
    .description('remove exactly what init added')
    .option('-y, --yes', 'ask nothing')
    .option('--dry-run', 'show what would be done without doing it')
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ yes = false, dryRun = false }: { yes?: boolean; dryRun?: boolean }) => {
      const { uninstall } = await import('./uninstall.ts');
      done(await uninstall(context, { yes, dryRun }));
    });

  program
    .command('doctor')
    .description('prove that the set-up works: commit and push a violation in a temporary clone')
    .addOption(
      program
        .createOption('--format <format>', 'how to print')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const { doctor } = await import('./doctor.ts');
      done(await doctor(context, { format }));
    });

  program
    .command('pre-receive')
    .description(
      'the check as a hook on the server, without drizzle-kit and without running any code',
    )
    .option(
      '--unevaluated <policy>',
      'what to do with a push that cannot be fully checked there: pass or refuse',
    )
    .option('--verbose', 'print stack traces of errors')
    .addHelpText('after', PRE_RECEIVE)
    .action(async (options: { unevaluated?: string }) => {
      const { preReceive } = await import('./pre-receive.ts');
      done(await preReceive(context, { unevaluated: options.unevaluated }));
    });

  // Hook calls do not get here (see main.ts): a hint must not fail on any arguments.
  const hint = async (): Promise<void> => {
    const { announceMigrations } = await import('./new-migrations.ts');
    done(await announceMigrations(context));
  };
  program
    .command('post-merge')
    .description('hint after a merge or pull: lists new migrations; never fails')
    .argument('[squash]', 'as git passes it to the hook')
    .action(hint);
  program
    .command('post-checkout')
    .description('the same hint after a checkout of another branch')
    .argument(
      '[hook-arguments...]',
      'old commit, new commit and flag, as git passes them to the hook',
    )
    .action(hint);

  program
    .command('explain')
    .description('what a rule refuses, why, and how to fix it')
    .argument('[rule]', 'the id of a rule; without it, all rules are listed')
    .action(async (rule: string | undefined) => {
      const { explain } = await import('./explain.ts');
      done(explain(context, rule));
    });

  program
    .command('demo')
    .description('show the main cases with a real Drizzle project in a temporary repository')
    .option('--keep', 'keep the temporary repository')
    .addOption(
      program.createOption('--kit <line>', 'the drizzle-kit to play with').choices(['0.31', '1']),
    )
    .option('--verbose', 'print stack traces of errors')
    .action(async ({ keep = false, kit }: { keep?: boolean; kit?: '0.31' | '1' }) => {
      const { demo } = await import('./demo.ts');
      done(await demo(context, { keep, kit }));
    });
}

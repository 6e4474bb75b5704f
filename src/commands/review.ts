import { appendFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { RunOptions } from '../check/run.ts';
import type { WhatToShow } from '../check/trees-to-show.ts';
import { GuardError } from '../model/errors.ts';
import { exitCodeOf } from '../model/report.ts';
import { baseHere } from './base-here.ts';
import { showProgress } from './progress.ts';
import { assertOneOf, takesMigrations, type WhichMigrations } from './which-migrations.ts';

interface ReviewFlags extends WhichMigrations {
  readonly format: 'text' | 'json' | 'markdown';
  readonly cache: boolean;
}

/** Puts `guard review` on the command line. @param done gets the exit code */
export function addReview(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  takesMigrations(program.command('review'))
    .description(
      'what new migrations do to rows, locks and running code, under five points with a verdict each',
    )
    .addOption(
      program
        .createOption('--format <format>', 'how to print')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option('--no-cache', 'neither read nor write the cache')
    .option('--verbose', 'print stack traces of errors')
    .addHelpText(
      'after',
      '\nIt ends with 1 only for what a check refuses too. In GitHub Actions it also writes the job summary.',
    )
    .action(async (names: readonly string[], flags: ReviewFlags) => {
      done(await reviewCommand(context, names, flags));
    });
}

/** @returns the exit code: that of the check. */
async function reviewCommand(
  context: CliContext,
  names: readonly string[],
  flags: ReviewFlags,
): Promise<number> {
  assertOneOf(names, flags);
  const { base, format, project = [], cache } = flags;
  const { cwd, env, stdout } = context;
  const started = performance.now();
  const progress = showProgress(context, 'reading the migrations');
  const options = { cwd, env, projects: project, cache, onCommit: progress.step };
  const { reviewChange, reviewMigrations } = await import('../check/review.ts');
  const what =
    base === undefined ? 'index' : { base: base === true ? await baseHere(context) : base };
  const { report, migrations } = await (
    names.length > 0 ? reviewMigrations(options, names) : reviewChange({ ...options, what })
  ).finally(progress.done);
  const [{ reviewReport }, { reviewText }, { reviewMarkdown }, { coloursFor }] = await Promise.all([
    import('../report/review-report.ts'),
    import('../report/review.ts'),
    import('../report/review-markdown.ts'),
    import('../report/colours.ts'),
  ]);
  const review = reviewReport(report, migrations, { named: names.length > 0 });
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  const markdown =
    summary !== '' || format === 'markdown'
      ? reviewMarkdown(
          review,
          migrations.length === 0
            ? ''
            : await picturesOf(options, names.length > 0 ? { names } : what),
        )
      : '';
  if (summary !== '') await appendFile(summary, markdown);
  if (format === 'json') stdout.write(`${JSON.stringify(review, null, 2)}\n`);
  else if (format === 'markdown') stdout.write(markdown);
  else
    stdout.write(
      reviewText(review, {
        colours: coloursFor(stdout, env),
        columns: stdout.columns,
        took: performance.now() - started,
        bypass: undefined,
      }),
    );
  return exitCodeOf(report);
}

/** What the reviewed migrations change, as markdown; '' where no snapshot shows it. */
async function picturesOf(options: RunOptions, what: WhatToShow): Promise<string> {
  const [{ showMigrations }, { treesToShow }, { picturesInReview }, { openRepository }] =
    await Promise.all([
      import('../check/show.ts'),
      import('../check/trees-to-show.ts'),
      import('../report/show/show-markdown.ts'),
      import('../git/repository.ts'),
    ]);
  try {
    const repository = await openRepository(options);
    const asked = await treesToShow(repository, what);
    return picturesInReview((await showMigrations(repository, asked, options, false)).projects);
  } catch (error) {
    // The findings say what is wrong with a snapshot; without one there is no picture.
    if (error instanceof GuardError) return '';
    throw error;
  }
}

import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { baseHere } from './base-here.ts';
import { showProgress } from './progress.ts';
import { assertOneOf, takesMigrations, type WhichMigrations } from './which-migrations.ts';

interface ShowFlags extends WhichMigrations {
  readonly html?: string;
  readonly cache: boolean;
}

/** Puts `guard show` on the command line. @param done gets the exit code */
export function addShow(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
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
      done(await showCommand(context, names, flags));
    });
}

async function showCommand(
  context: CliContext,
  names: readonly string[],
  flags: ShowFlags,
): Promise<0> {
  assertOneOf(names, flags);
  const { base, html, project = [], cache } = flags;
  const { cwd, env, stdout } = context;
  const progress = showProgress(context, 'reading the migrations');
  const { showMigrations } = await import('../check/show.ts');
  const what =
    names.length > 0
      ? { names }
      : base === undefined
        ? ('index' as const)
        : { base: base === true ? await baseHere(context) : base };
  const { projects, report, nothing } = await showMigrations(
    { cwd, env, projects: project, cache, what },
    html !== undefined,
  ).finally(progress.done);
  if (nothing !== undefined) {
    stdout.write(`drizzle-guard: nothing to show: ${nothing}.\n`);
    return 0;
  }
  if (html === undefined || report === undefined) {
    const { showMarkdown } = await import('../report/show/show-markdown.ts');
    stdout.write(showMarkdown(projects));
    return 0;
  }
  const { showPage } = await import('../report/show/page/page.ts');
  const page = showPage(projects, report);
  if (html === '-') stdout.write(page);
  else {
    const { writePage } = await import('./show-page.ts');
    stdout.write(await writePage(cwd, html, page));
  }
  return 0;
}

import type { CliContext } from '../cli-context.ts';
import { treesToShow } from '../check/trees-to-show.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { baseHere } from './base-here.ts';
import { showProgress } from './progress.ts';
import { assertOneOf, type WhichMigrations } from './which-migrations.ts';

export interface ShowFlags extends WhichMigrations {
  readonly html?: string;
  readonly cache: boolean;
}

/** @returns 0: what cannot be shown is thrown. */
export async function showCommand(
  context: CliContext,
  names: readonly string[],
  flags: ShowFlags,
  opening: Promise<Repository> = openRepository(context),
): Promise<0> {
  assertOneOf(names, flags);
  const { base, html, project = [], cache } = flags;
  const { cwd, env, stdout } = context;
  const repository = await opening;
  const what =
    names.length > 0
      ? { names }
      : base === undefined
        ? ('index' as const)
        : { base: base === true ? await baseHere(context) : base };
  const [asked, { showMigrations }] = await Promise.all([
    treesToShow(repository, what),
    import('../check/show.ts'),
  ]);
  const progress = showProgress(context, 'reading the migrations');
  const { projects, report, nothing } = await showMigrations(
    repository,
    asked,
    { cwd, env, projects: project, cache },
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

import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import type { Report } from '../model/report.ts';
import { escapeControls } from '../report/escape.ts';
import type { Progress } from './progress.ts';

export interface HookCall {
  /** What the progress line shows first. */
  readonly activity: string;
  readonly run: (progress: Progress) => Promise<Report>;
  /** How to bypass this hook; undefined where that is impossible. */
  readonly bypass: string | undefined;
}

/**
 * Runs a check in a hook: silent where there is nothing to check, otherwise the report goes to
 * standard error. A repository without a Drizzle project passes with one line.
 * @returns the exit code.
 */
export async function inHook(
  context: CliContext,
  { activity, run, bypass }: HookCall,
): Promise<number> {
  const started = performance.now();
  const { showProgress } = await import('./progress.ts');
  const progress = showProgress(context, activity);
  try {
    const report = await run(progress);
    progress.done();
    if (report.nothingToCheck !== undefined) {
      for (const { config, why } of report.notEvaluated ?? [])
        context.stderr.write(`drizzle-guard: ${escapeControls(config)}: ${escapeControls(why)}\n`);
      return 0;
    }
    const [{ text }, { coloursFor }, { exitCodeOf }] = await Promise.all([
      import('../report/text.ts'),
      import('../report/colours.ts'),
      import('../model/report.ts'),
    ]);
    context.stderr.write(
      text(report, {
        colours: coloursFor(context.stderr, context.env),
        columns: context.stderr.columns,
        took: performance.now() - started,
        bypass,
        brief: true,
      }),
    );
    return exitCodeOf(report);
  } catch (error) {
    progress.done();
    if (!(error instanceof GuardError) || error.code !== 'no-project') throw error;
    context.stderr.write(nothingChecked(error));
    return 0;
  }
}

/**
 * The line of a hook in a repository without a Drizzle project, and one for each journal that a
 * project may be behind.
 */
export function nothingChecked({
  message,
  help: [, ...unclaimed],
}: Pick<GuardError, 'message' | 'help'>): string {
  const lines = [`${message}; nothing checked.`, ...unclaimed.map(escapeControls)];
  return lines.map((line) => `drizzle-guard: ${line}\n`).join('');
}

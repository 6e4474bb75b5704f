import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import type { Report } from '../model/report.ts';
import type { Progress } from './progress.ts';

export interface HookCall {
  /** What is done first, for the line on a terminal. */
  readonly doing: string;
  readonly judge: (progress: Progress) => Promise<Report>;
  /** How this hook is passed on purpose; undefined where it cannot be. */
  readonly wayOut: string | undefined;
}

/**
 * Judges in a hook: says nothing where there is nothing to check, and otherwise all of it on standard error. A repository
 * without a Drizzle project is let through with one line.
 * @returns the exit code.
 */
export async function inHook(
  context: CliContext,
  { doing, judge, wayOut }: HookCall,
): Promise<number> {
  const started = performance.now();
  const { showProgress } = await import('./progress.ts');
  const progress = showProgress(context, doing);
  try {
    const report = await judge(progress);
    progress.done();
    if (report.nothingToCheck !== undefined) return 0;
    const [{ text }, { paint }, { exitCodeOf }] = await Promise.all([
      import('../report/text.ts'),
      import('../report/paint.ts'),
      import('../model/report.ts'),
    ]);
    context.stderr.write(
      text(report, {
        paint: paint(context.stderr, context.env),
        took: performance.now() - started,
        wayOut,
      }),
    );
    return exitCodeOf(report);
  } catch (error) {
    progress.done();
    if (!(error instanceof GuardError) || error.code !== 'no-project') throw error;
    context.stderr.write(`drizzle-guard: ${error.message}; nothing checked.\n`);
    return 0;
  }
}

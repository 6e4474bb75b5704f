// How the library is used: in a project this is `from 'drizzle-guard'`.
import { check, exitCodeOf, GuardError, type Report } from '../../src/index.ts';

/** Says what is wrong with what is staged, a line each, and what a script should end with. */
export async function judgeStaged(
  folder: string,
): Promise<{ readonly lines: readonly string[]; readonly exitCode: number }> {
  let report: Report;
  try {
    report = await check({ cwd: folder, env: process.env, what: 'index' });
  } catch (error) {
    // Not a verdict: there was no repository, no Drizzle project, no drizzle-kit, ...
    if (!(error instanceof GuardError)) throw error;
    return { lines: [`could not check: ${error.message}`, ...error.help], exitCode: 2 };
  }
  if (report.nothingToCheck !== undefined) return { lines: [report.nothingToCheck], exitCode: 0 };
  const lines = report.findings.flatMap(({ rule, path, line = 1, message, fix }) => [
    `${path}:${line} ${rule}: ${message}`,
    ...fix.map(({ text, run }) => `  ${text} ${run ?? ''}`.trimEnd()),
  ]);
  return { lines, exitCode: exitCodeOf(report) };
}

import type { CheckOptions } from './check/run.ts';
import type { Finding as AnyFinding } from './model/finding.ts';
import type { Report as AnyReport } from './model/report.ts';
import type { RuleId } from './rules/index.ts';

export type { CheckOptions } from './check/run.ts';
export { GUARD_ERROR_CODES, GuardError, type GuardErrorCode } from './model/errors.ts';
export type { Fix, Severity } from './model/finding.ts';
export type { Dialect } from './model/dialect.ts';
export {
  exitCodeOf,
  type ReportedCommits,
  type ReportedError,
  type ReportedNotEvaluated,
  type ReportedProject,
} from './model/report.ts';
export { REPORT_SCHEMA } from './report/report-schema.ts';
export type { ReviewReport } from './report/review-report.ts';
export { REVIEW_SCHEMA } from './report/review-schema.ts';
export { STATUS_SCHEMA } from './report/status-schema.ts';
export type { StatusReport } from './report/status-report.ts';
export { RULE_IDS, type RuleId } from './rules/index.ts';

/** One violation of one rule of the guard. */
export type Finding = AnyFinding<RuleId>;

/** The outcome of one check: plain data, described by `report.schema.json` in the package. */
export type Report = AnyReport<RuleId>;

/**
 * Checks what git is about to record in a repository, as `guard check` does. Prints nothing, never
 * exits, opens no network connection and changes no file of the repository; it may write the
 * guard's own cache, under the git common directory. Heavy modules are loaded with the first call.
 *
 * @param options `cwd` is the absolute path of any folder inside the repository, `env` the
 * environment for git and the project's config (`process.env`), `what` the thing to check.
 * @returns the report. A user's mistake is a finding in it: see `outcome`, and `exitCodeOf` for the
 * exit code of the command line.
 * @throws GuardError when it could not check (no repository, no Drizzle project, drizzle-kit not
 * installed, ...): never treat that as a pass.
 */
export async function check(options: CheckOptions): Promise<Report> {
  const engine = await import('./check/check.ts');
  return engine.check(options);
}

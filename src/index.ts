export { check, type CheckOptions } from './check/check.ts';
export { GuardError, type GuardErrorCode } from './errors.ts';
export type { Finding, Fix, Severity } from './finding.ts';
export { exitCodeOf, type Report, type ReportedProject } from './report/report.ts';
export { RULE_IDS, type RuleId } from './rules/ids.ts';

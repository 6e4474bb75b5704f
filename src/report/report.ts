import type { Finding } from '../finding.ts';
import type { Dialect } from '../project/project.ts';
import type { RepoPath } from '../git/tree.ts';

/** What was said about one project. */
export interface ReportedProject {
  readonly config: RepoPath;
  readonly dialect: Dialect | 'unknown';
  readonly out: RepoPath;
  readonly migrations: number;
  /** False when nothing of the change concerns it: then it was not looked at. */
  readonly checked: boolean;
}

/** The outcome of one check. Printed as it is by `--format json`: plain data, documented, version 1. */
export interface Report {
  readonly version: 1;
  /** `passed` with no project checked means that there was nothing to check: see `nothingToCheck`. */
  readonly outcome: 'passed' | 'refused' | 'unable';
  readonly projects: readonly ReportedProject[];
  readonly findings: readonly Finding[];
  /** Findings that the state before the change already had: not held against it. */
  readonly preexisting: number;
  /** Why nothing was checked, where nothing was. */
  readonly nothingToCheck?: string;
  /** Only with `unable`. */
  readonly error?: { readonly code: string; readonly message: string; readonly help: readonly string[] };
}

/** 0 fine or nothing to check, 1 refused, 2 could not look. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  return ({ passed: 0, refused: 1, unable: 2 } as const)[report.outcome];
}

/** The report of a run that could not look. */
export function unable(error: { code: string; message: string; help: readonly string[] }): Report {
  return {
    version: 1,
    outcome: 'unable',
    projects: [],
    findings: [],
    preexisting: 0,
    error: { code: error.code, message: error.message, help: error.help },
  };
}

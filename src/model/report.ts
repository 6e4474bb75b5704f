import type { GuardErrorCode } from './errors.ts';
import type { Finding } from './finding.ts';
import type { Dialect } from './dialect.ts';
import type { RepoPath } from './repo-path.ts';

/** What was said about one project. */
export interface ReportedProject {
  /** Path of its drizzle config, relative to the top of the repository, `/`-separated. */
  readonly config: RepoPath;
  /** `unknown` where the config could not be read. */
  readonly dialect: Dialect | 'unknown';
  /** The migrations folder, relative to the top of the repository; '' where the config could not be read. */
  readonly out: RepoPath;
  /** How many migrations its journal lists. */
  readonly migrations: number;
  /** False when nothing of the change concerns it: then it was not looked at. */
  readonly checked: boolean;
}

/** How much of a range of commits was looked at. */
export interface ReportedCommits {
  readonly count: number;
  /** Those that could concern a project. */
  readonly looked: number;
}

/** What could not be judged for want of running the project's code, where all else was. */
export interface ReportedNotEvaluated {
  /** Path of the drizzle config of the project, or of the guard's own config, relative to the top of the repository. */
  readonly config: RepoPath;
  /** What was not judged, and why; one line without a full stop. */
  readonly why: string;
}

/** Why the guard could not look. */
export interface ReportedError {
  readonly code: GuardErrorCode;
  /** One sentence. */
  readonly message: string;
  /** What to do about it, one line an entry; may be empty. */
  readonly help: readonly string[];
}

/**
 * The outcome of one check. Printed as it is by `--format json`: plain data, described by `report.schema.json` in the
 * package. Fields may be added in version 1; none goes or changes its meaning.
 */
export interface Report {
  readonly version: 1;
  /** `passed` with no project checked means that there was nothing to check: see `nothingToCheck`. */
  readonly outcome: 'passed' | 'refused' | 'unable';
  readonly projects: readonly ReportedProject[];
  /** The most likely cause first. Those with `preexisting` refuse nothing. */
  readonly findings: readonly Finding[];
  /** Findings that the state before the change already had: not held against it. */
  readonly preexisting: number;
  /** Where commits were judged: how many there were, and how many of them had to be looked at. */
  readonly commits?: ReportedCommits;
  /** Only where nothing can be evaluated (`guard pre-receive`): what of the change this leaves unjudged. */
  readonly notEvaluated?: readonly ReportedNotEvaluated[];
  /** Why nothing was checked, where nothing was. */
  readonly nothingToCheck?: string;
  /** Only with `unable`. */
  readonly error?: ReportedError;
}

/** The exit code that goes with a report: 0 fine or nothing to check, 1 refused, 2 could not look. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  return ({ passed: 0, refused: 1, unable: 2 } as const)[report.outcome];
}

/** The report of a run that could not look. */
export function unable(error: ReportedError): Report {
  return {
    version: 1,
    outcome: 'unable',
    projects: [],
    findings: [],
    preexisting: 0,
    error: { code: error.code, message: error.message, help: error.help },
  };
}

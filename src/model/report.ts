import type { GuardErrorCode } from './errors.ts';
import type { Finding } from './finding.ts';
import type { Dialect } from './dialect.ts';
import type { RepoPath } from './repo-path.ts';

/** One project in the report. */
export interface ReportedProject {
  /**
   * Its name: the path of its drizzle config, relative to the top of the repository, `/`-separated.
   * Where one config is several projects, and where there is none, more follows in parentheses.
   */
  readonly config: string;
  /** `unknown` where the config could not be read. */
  readonly dialect: Dialect | 'unknown';
  /**
   * The migrations folder, relative to the top of the repository; '' where the config could not be
   * read.
   */
  readonly out: RepoPath;
  /** How many migrations its journal lists. */
  readonly migrations: number;
  /** False when the change does not affect it: then it was not checked. */
  readonly checked: boolean;
}

/** How many commits of a range were checked. */
export interface ReportedCommits {
  readonly count: number;
  /** Those that could affect a project: only they were checked in full. */
  readonly looked: number;
  /** The first push of a whole history: it was checked as one state. */
  readonly firstPush?: true;
}

/**
 * What was not checked: the project's code has to run for it, or no project is known for it. With
 * `checked`, what to know of something that was.
 */
export interface ReportedNotEvaluated {
  /**
   * Path of the drizzle config of the project, of the guard's own config, or of a journal that
   * belongs to no known project, relative to the top of the repository.
   */
  readonly config: RepoPath;
  /** What was not checked, and why; one line without a full stop. */
  readonly why: string;
  /** It was checked, and `why` says how, or what has no effect. */
  readonly checked?: true;
}

/** Why the guard could not check. */
export interface ReportedError {
  readonly code: GuardErrorCode;
  /** One sentence. */
  readonly message: string;
  /** What to do about it, one entry a line; may be empty. */
  readonly help: readonly string[];
}

/**
 * The outcome of one check. `--format json` prints it unchanged: plain data, described by
 * `report.schema.json` in the package. Version 1 may get more fields; none is removed or changes
 * its meaning.
 */
export interface Report<RuleId extends string = string> {
  readonly version: 1;
  /**
   * `passed` with no project checked means that there was nothing to check: see `nothingToCheck`.
   */
  readonly outcome: 'passed' | 'refused' | 'unable';
  readonly projects: readonly ReportedProject[];
  /** The most likely cause first. Those with `preexisting` refuse nothing. */
  readonly findings: readonly Finding<RuleId>[];
  /** How many findings the state before the change already had. They do not block. */
  readonly preexisting: number;
  /** Only where commits were checked. */
  readonly commits?: ReportedCommits;
  /**
   * What was not checked, as no code is run (`guard pre-receive`), what it needs is missing, or no
   * project is known for it; and what to know of what was (`checked`).
   */
  readonly notEvaluated?: readonly ReportedNotEvaluated[];
  /** Why nothing was checked, where nothing was. */
  readonly nothingToCheck?: string;
  /** Only with `unable`. */
  readonly error?: ReportedError;
}

/** The exit code of a report: 0 passed or nothing to check, 1 refused, 2 could not check. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  return ({ passed: 0, refused: 1, unable: 2 } as const)[report.outcome];
}

/** The report of a run that could not check. */
export function unable(error: ReportedError): Report<never> {
  return {
    version: 1,
    outcome: 'unable',
    projects: [],
    findings: [],
    preexisting: 0,
    error: { code: error.code, message: error.message, help: error.help },
  };
}

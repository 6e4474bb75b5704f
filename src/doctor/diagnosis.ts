import type { Fix } from '../model/finding.ts';
import type { SetUp } from './set-up.ts';

/** `note`: worth knowing, nothing to fix. Only a `problem` makes the set-up unhealthy. */
type Status = 'ok' | 'note' | 'warning' | 'problem';

/** What one probe saw of one thing. */
export interface Diagnosis {
  readonly status: Status;
  /** The fact, one line or a few. */
  readonly seen: string;
  readonly fixes: readonly Fix[];
}

/**
 * One check of the set-up. It never writes in the repository; it throws a GuardError where it
 * cannot check.
 */
export interface Probe {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly title: string;
  /** Not run without this; another probe reports that it is missing. */
  readonly needs?: 'repository' | 'project';
  probe(setUp: SetUp): Promise<readonly Diagnosis[]>;
}

/** A diagnosis with the probe that made it. */
export interface Line extends Diagnosis {
  readonly probe: string;
  readonly title: string;
}

/** The whole examination. */
export interface Examination {
  readonly version: 1;
  /** No problem was seen. */
  readonly healthy: boolean;
  readonly lines: readonly Line[];
}

export const ok = (seen: string): Diagnosis => ({ status: 'ok', seen, fixes: [] });
export const note = (seen: string, ...fixes: readonly Fix[]): Diagnosis => ({
  status: 'note',
  seen,
  fixes,
});
export const warning = (seen: string, ...fixes: readonly Fix[]): Diagnosis => ({
  status: 'warning',
  seen,
  fixes,
});
export const problem = (seen: string, ...fixes: readonly Fix[]): Diagnosis => ({
  status: 'problem',
  seen,
  fixes,
});

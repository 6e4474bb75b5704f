import type { Fix } from '../model/finding.ts';
import type { SetUp } from './set-up.ts';

/** `note`: worth knowing, nothing to fix. Only a `fault` makes the set-up unhealthy. */
type Status = 'ok' | 'note' | 'warning' | 'fault';

/** What one probe saw of one thing. Plain JSON; part of the documented output (version 1). */
export interface Diagnosis {
  readonly status: Status;
  /** The fact, one line or a few. */
  readonly seen: string;
  readonly cure: readonly Fix[];
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

/** The whole examination; printed as it is by `--format json`. */
export interface Examination {
  readonly version: 1;
  /** No fault was seen. */
  readonly healthy: boolean;
  readonly lines: readonly Line[];
}

export const ok = (seen: string): Diagnosis => ({ status: 'ok', seen, cure: [] });
export const note = (seen: string, ...cure: readonly Fix[]): Diagnosis => ({
  status: 'note',
  seen,
  cure,
});
export const warning = (seen: string, ...cure: readonly Fix[]): Diagnosis => ({
  status: 'warning',
  seen,
  cure,
});
export const fault = (seen: string, ...cure: readonly Fix[]): Diagnosis => ({
  status: 'fault',
  seen,
  cure,
});

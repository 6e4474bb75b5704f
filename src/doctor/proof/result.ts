import type { RepoPath } from '../../model/repo-path.ts';
import type { RuleId } from '../../rules/index.ts';
import type { PlantedFile } from '../../rules/rule.ts';

/** A file that the guard refuses, whatever else is in the project. */
export interface PlantedViolation extends PlantedFile {
  readonly rule: RuleId;
}

/**
 * How a trial commit or push result, by what git recorded and what was printed; never by the exit
 * code alone.
 */
export type TrialResult =
  | { readonly end: 'recorded' }
  /** By the guard: its output names itself and these rules. */
  | { readonly end: 'refused'; readonly rules: readonly string[] }
  /** The guard ran and could not check; its own words. */
  | { readonly end: 'could-not-check'; readonly output: readonly string[] }
  /** By something else; its last lines. */
  | {
      readonly end: 'refused-by-another';
      readonly exitCode: number;
      readonly output: readonly string[];
    }
  | { readonly end: 'timed-out'; readonly seconds: number; readonly output: readonly string[] };

/**
 * A violation that must be refused, and a harmless change that must not. What was not tried is
 * missing.
 */
export interface Trials {
  readonly planted?: TrialResult;
  readonly harmless?: TrialResult;
}

/** How a merge of two branches that both made a migration ended, by what is in the index and the files. */
export type MergeResult =
  /** A conflict, and a journal with the migrations of both. */
  | { readonly end: 'whole'; readonly paths: readonly RepoPath[] }
  /** A journal that git or something else has merged, or no merge at all; git's first lines. */
  | {
      readonly end: 'broken';
      readonly paths: readonly RepoPath[];
      readonly output: readonly string[];
    }
  /** No conflict: nobody would notice. */
  | { readonly end: 'clean'; readonly paths: readonly RepoPath[] };

export type Proof =
  | { readonly status: 'not-tried'; readonly why: string }
  | {
      readonly status: 'tried';
      readonly violation: PlantedViolation;
      readonly commit: Trials;
      readonly push: Trials;
      /** Undefined where there is no journal, or git knows no merge driver. */
      readonly merge?: MergeResult;
      /** The planted commit again, with a bare PATH. */
      readonly bare?: TrialResult;
    };

import type { RepoPath } from '../../model/repo-path.ts';

/**
 * All that decided what a run of a user's code came to, by name: as long as everything named here stands as it stood
 * then, the same run comes to the same. What is named is not told how it stood: that is looked up where it is compared.
 */
export interface Trace {
  /**
   * Paths of the tree that were read or asked for, whether there or not; folders and links on the way too. With a slash at
   * its end: what that folder holds.
   */
  readonly tree: readonly RepoPath[];
  /** Whether every package.json of the tree was looked through. */
  readonly packages: boolean;
  /** Environment variables that were asked for, set or not. */
  readonly env: readonly string[];
  readonly disk: DiskTrace;
}

/** What lies outside every tree: installed dependencies, and what is above the repository. Absolute paths. */
export interface DiskTrace {
  /** Read, or asked for, whether there or not. */
  readonly files: readonly string[];
  /** Folders of packages, which may be links. */
  readonly links: readonly string[];
  /** What node itself was asked to find: from a folder, by a specifier. */
  readonly resolutions: readonly Resolution[];
}

export type Resolution = readonly [folder: string, specifier: string];

/** One run as it was watched. */
export interface Observed {
  readonly trace: Trace;
  /** Files of `trace.disk` whose content was read: they were there. */
  readonly loaded: readonly string[];
  /** Why the result may be another next time though nothing of the trace is; empty: it can be kept. */
  readonly unkept: readonly string[];
}

/** What resolving and bundling looked at, beside the files that were bundled; it grows while they run. */
export interface LookedAt {
  readonly tree: Set<RepoPath>;
  readonly disk: Set<string>;
  readonly links: Set<string>;
  /** By folder and specifier, so that each is asked once. */
  readonly resolutions: Map<string, Resolution>;
  packages: boolean;
  readonly unkept: Set<string>;
}

export function nothingLookedAt(): LookedAt {
  return {
    tree: new Set(),
    disk: new Set(),
    links: new Set(),
    resolutions: new Map(),
    packages: false,
    unkept: new Set(),
  };
}

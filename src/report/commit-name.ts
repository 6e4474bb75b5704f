import type { Finding } from '../model/finding.ts';

/** A commit that a finding is about. */
export interface NamedCommit {
  /** Full object id. */
  readonly commit: string;
  readonly subject: string | undefined;
}

/**
 * The commit of a finding; undefined where the index, or the net result of several commits, was
 * checked.
 */
export function commitOf({ commit, subject }: Finding): NamedCommit | undefined {
  return commit === undefined ? undefined : { commit, subject };
}

/**
 * `commit 1a2b3c4d "Teams have a description"`: as git abbreviates, whatever the length of the
 * object id.
 */
export function commitName({ commit, subject }: NamedCommit): string {
  return `commit ${commit.slice(0, 8)}${subject === undefined ? '' : ` "${subject}"`}`;
}

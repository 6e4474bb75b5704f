import type { WorkingPath } from './status.ts';
import type { Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A file that is in the working tree or the stash, and not so in the tree to be recorded. */
export interface UnstagedFile {
  readonly path: RepoPath;
  readonly state: WorkingPath['state'] | 'stashed';
  /** What `git add` would record; undefined for `deleted`. */
  readonly entry?: Entry;
  /** For `stashed`: the revision that has it. Untracked files have one of their own. */
  readonly from?: 'stash@{0}' | 'stash@{0}^3';
  /** The bytes that would be recorded; none for `deleted`. */
  read(): Promise<Uint8Array>;
}

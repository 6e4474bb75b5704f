import type { WorkingPath } from './status.ts';
import type { Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A file that lies about beside the tree to be recorded. */
export interface UnstagedFile {
  readonly path: RepoPath;
  readonly state: WorkingPath['state'] | 'stashed';
  /** What `git add` would record; undefined for `deleted`. */
  readonly entry?: Entry;
  /** For `stashed`: the commit that has it, as git names it. Untracked files lie in one of their own. */
  readonly from?: 'stash@{0}' | 'stash@{0}^3';
  /** The bytes that would be recorded; none for `deleted`. */
  read(): Promise<Uint8Array>;
}

import type { RepoPath } from '../../model/repo-path.ts';
import type { Reply } from '../worker/protocol.ts';

/**
 * Everything that one run has read, or tried to read. The tree reader and the file system over it
 * are the only ones that write `tree`, `disk` and `links`, as part of the read: no caller can read
 * without logging it.
 */
export interface ReadLog {
  /** Paths of the tree, there or not. With a slash at its end: the names in that folder. */
  readonly tree: Set<RepoPath>;
  /** Absolute paths outside the tree, there or not. */
  readonly disk: Set<string>;
  /** Folders of packages, absolute, whose real path was read. */
  readonly links: Set<string>;
  /** Whether every package.json of the tree was read. */
  manifests: boolean;
  /** Why the result may differ next time although nothing that is logged here does. */
  readonly uncacheableBecause: Set<string>;
}

export function openReadLog(): ReadLog {
  return {
    tree: new Set(),
    disk: new Set(),
    links: new Set(),
    manifests: false,
    uncacheableBecause: new Set(),
  };
}

/**
 * The names of everything that decided the result of a run: as long as nothing that is named here
 * changes, the same run gives the same result. The state of each is read where two traces are
 * compared.
 */
export interface Trace {
  /** As in `ReadLog`; folders and symlinks on the way included. */
  readonly tree: readonly RepoPath[];
  /** Whether every package.json of the tree was read. */
  readonly packages: boolean;
  /** Environment variables that were read, set or not. */
  readonly env: readonly string[];
  readonly disk: DiskTrace;
}

/** Outside every tree: installed dependencies, and what is above the repository. Absolute paths. */
export interface DiskTrace {
  /** Read or tried, there or not. */
  readonly files: readonly string[];
  /** Folders of packages, which may be links. */
  readonly links: readonly string[];
  /** Modules that the evaluation loaded. */
  readonly loaded: readonly string[];
}

/** What one run used. */
export interface Observed {
  readonly trace: Trace;
  /**
   * Why the result may differ next time although nothing in the trace does; empty: it can be
   * cached.
   */
  readonly uncacheableBecause: readonly string[];
}

/**
 * What decided the result of a run: what was read to compile it and, if it was run, what its code
 * accessed.
 */
export function observe(log: ReadLog, reply?: Reply | 'timeout'): Observed {
  const accesses = reply === undefined || reply === 'timeout' ? undefined : reply.accesses;
  return {
    trace: {
      tree: sorted(log.tree),
      packages: log.manifests,
      env: sorted(accesses?.env ?? []),
      disk: {
        files: sorted(log.disk),
        links: sorted(log.links),
        loaded: sorted(accesses?.loaded ?? []),
      },
    },
    uncacheableBecause: [
      ...log.uncacheableBecause,
      ...(accesses?.uncacheableBecause ?? []),
      ...uncacheableReply(reply),
    ],
  };
}

/** A failure that the machine or the installation may have caused is not cached. */
function uncacheableReply(reply: Reply | 'timeout' | undefined): readonly string[] {
  if (reply === 'timeout') return ['it took too long'];
  if (reply === undefined || reply.status === 'done') return [];
  if (reply.accesses === undefined) return ['the process ended'];
  const ours =
    reply.why === 'kit' || reply.code !== undefined || reply.message.startsWith('RangeError');
  return ours ? ['it failed for a reason that may lie outside the tree'] : [];
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort();
}

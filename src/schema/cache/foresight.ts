import type { ChangedPath } from '../../git/trees/listing.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';

/** How paths that decided an evaluation stood in the evaluations that are kept: path -> states, the newest first. */
export type Seen = Readonly<Record<RepoPath, readonly string[]>>;

const MOST_STATES = 32;
const MOST_PATHS = 4000;

/** @returns nothing seen, for what is no such record. */
export function parseSeen(value: unknown): Seen {
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([path, states]) =>
          isStringArray(states) ? [[path, states] as const] : [],
        ),
      )
    : {};
}

/** With the states of one more evaluation. */
export function withSeen(
  seen: Seen,
  states: readonly (readonly [path: RepoPath, state: string])[],
): Seen {
  const fresh = states.map(
    ([path, state]) =>
      [
        path,
        [...new Set([shortened(state), ...(seen[path] ?? [])])].slice(0, MOST_STATES),
      ] as const,
  );
  const named = new Set(states.map(([path]) => path));
  return Object.fromEntries(
    [...fresh, ...Object.entries(seen).filter(([path]) => !named.has(path))].slice(0, MOST_PATHS),
  );
}

/**
 * Whether a change brings what no kept evaluation has met, so that one more is needed for sure. Only for starting early
 * what that takes: no answer is ever given by it.
 */
export function isUnmet(seen: Seen, changed: readonly ChangedPath[]): boolean {
  return changed.some(({ path, after }) => {
    const states = Object.hasOwn(seen, path) ? seen[path] : undefined;
    return (
      states !== undefined &&
      !states.includes(shortened(after === undefined ? '' : `${after.mode} ${after.oid}`))
    );
  });
}

function shortened(state: string): string {
  return state.slice(0, 19);
}

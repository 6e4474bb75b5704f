import type { Conflict } from '../git/rewrite/taken-back.ts';
import type { RevertStop } from './outcome.ts';

/** Why the schema files do not go back, with the lines. */
export function conflictStop(conflicts: readonly Conflict[]): RevertStop {
  return {
    reason: 'conflict',
    entities: conflicts.map(({ path }) => path),
    clashes: conflicts.flatMap(({ path, clashes }) =>
      clashes.map(({ line, base, ours, theirs }) => ({
        path,
        line,
        now: ours,
        made: base,
        before: theirs,
      })),
    ),
  };
}

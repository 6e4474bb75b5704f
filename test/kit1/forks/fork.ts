import type { Rename } from '../../corpus/transition.ts';

export interface Side {
  readonly after: string;
  readonly renames?: readonly Rename[];
}

/** What two branches make of one schema, each with a migration of its own. */
export interface Fork {
  readonly name: string;
  readonly before: string;
  readonly ours: Side;
  readonly theirs: Side;
  /**
   * A database refuses one order of the two, or has something broken in it afterwards; whatever
   * drizzle-kit says.
   */
  readonly breaks?: true;
}

export function fork(
  name: string,
  before: string,
  ours: string | Side,
  theirs: string | Side,
): Fork {
  return {
    name,
    before,
    ours: typeof ours === 'string' ? { after: ours } : ours,
    theirs: typeof theirs === 'string' ? { after: theirs } : theirs,
  };
}

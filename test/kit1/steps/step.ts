import type { Transition } from '../../corpus/transition.ts';

type Change = Pick<Transition, 'after' | 'renames'>;

/**
 * A change of a schema, as a person makes it before calling `drizzle-kit generate`; or of one that
 * branches have changed before.
 */
export interface Step extends Change, Pick<Transition, 'name' | 'before' | 'breakpoints'> {
  /** What branches made of `before`, each with a migration of its own. */
  readonly branches?: readonly Change[];
}

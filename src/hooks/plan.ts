import type { FileEdit, Plan } from './hook-manager.ts';

/** Nothing to do. */
export const NOTHING: Plan = { edits: [], commands: [], notes: [] };

/** A plan that only says something. */
export function note(...notes: readonly string[]): Plan {
  return { ...NOTHING, notes };
}

/** One edit, or none where it would change nothing. */
export function edit(
  path: string,
  before: string | undefined,
  after: string | undefined,
): readonly FileEdit[] {
  return before === after ? [] : [{ path, before, after }];
}

/** Several plans as one; they must not edit the same file. */
export function joined(...plans: readonly Plan[]): Plan {
  return {
    edits: plans.flatMap(({ edits }) => edits),
    commands: plans.flatMap(({ commands }) => commands),
    notes: plans.flatMap(({ notes }) => notes),
  };
}

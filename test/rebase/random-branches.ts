import fc from 'fast-check';
import type { Make } from './branches.ts';
import {
  changeOf,
  commute,
  KINDS,
  schemaText,
  type Change,
  type Edit,
  type Model,
} from './model.ts';

const EDIT = fc.record({
  kind: fc.constantFrom(...KINDS),
  which: fc.nat({ max: 63 }),
  other: fc.nat({ max: 63 }),
});
/** A branch: migrations, each of a few edits. */
export const BRANCH = fc.array(fc.array(EDIT, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

export interface Branch {
  readonly makes: readonly Make[];
  readonly changes: readonly Change[];
  readonly touches: readonly string[];
}

/** The migrations of a branch; edits that do not commute with the other side's are left out. */
export function branchOf(
  start: Model,
  side: string,
  groups: readonly (readonly Edit[])[],
  others: readonly string[],
): Branch {
  let model = start;
  let made = 0;
  const touches: string[] = [];
  const all: Change[] = [];
  const makes = groups.flatMap((edits, at): readonly Make[] => {
    const before = model;
    const changes: Change[] = [];
    // What one migration touches twice may be asked about in more ways than one.
    const now: string[] = [];
    const kinds = new Set<Edit['kind']>();
    for (const edit of edits) {
      made += 1;
      const change = changeOf(model, edit, `${side}_${made}`);
      if (change === undefined || !commute(change.touches, others)) continue;
      kinds.add(edit.kind);
      // On Turso drizzle-kit takes indexes away to alter a column, and mistakes those whose names
      // come from a table or column that it has just renamed.
      const has = (...some: readonly Edit['kind'][]): boolean => some.some((one) => kinds.has(one));
      if (
        start.dialect === 'turso' &&
        has('rename-table', 'rename-column') &&
        has('require', 'change-type')
      )
        continue;
      // drizzle-kit 0.31 fails on some tables that are renamed and changed at once.
      const isMoved = edit.kind === 'rename-table';
      const touched = isMoved
        ? change.touches.map((one) => one.replace(/ in$/, ''))
        : change.touches;
      if (!commute(touched, now)) continue;
      changes.push(change);
      now.push(...touched);
      touches.push(...change.touches);
      model = change.apply(model);
    }
    all.push(...changes);
    const schema = schemaText(model);
    if (schema === schemaText(before)) return [];
    const renames = changes.flatMap((change) => change.renames(before, model));
    return [{ name: `${side}${at}`, schema, renames }];
  });
  return { makes, changes: all, touches };
}

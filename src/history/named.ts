import type { History, Migration } from './history.ts';

const known = new WeakMap<readonly Migration[], ReadonlyMap<string, readonly Migration[]>>();
const NONE: readonly Migration[] = [];

/** The migrations of a name, in order: more than one where the journal names it twice. */
export function migrationsNamed(
  { migrations }: Pick<History, 'migrations'>,
  name: string,
): readonly Migration[] {
  let byName = known.get(migrations);
  if (byName === undefined) {
    const found = new Map<string, Migration[]>();
    for (const one of migrations) found.set(one.name, [...(found.get(one.name) ?? []), one]);
    known.set(migrations, (byName = found));
  }
  return byName.get(name) ?? NONE;
}
